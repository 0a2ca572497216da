import type { SegmentView } from '@dimmer/protocol'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../shared/api.tsx'
import { queryKeys } from '../../shared/query-keys.ts'
import { ConfirmModal } from '../../shared/ui/confirm-modal.tsx'
import { GuardedButton } from '../../shared/ui/guarded.tsx'
import { IconTrash } from '../../shared/ui/icons.ts'
import { useWhyNot } from '../access/index.ts'
import { usedByWords } from './segment-words.ts'

interface Props {
  readonly project: string
  readonly segment: SegmentView
  readonly onDeleted: () => void
}

/** Takes a segment away, unless something names it. */
export function DeleteSegment({ project, segment, onDeleted }: Props) {
  const api = useApi()
  const queries = useQueryClient()
  const [opened, { open, close }] = useDisclosure(false)
  const whyNot = useWhyNot('segment:write', { project, everywhere: true })
  const remove = useMutation({
    mutationFn: () => api.deleteSegment(project, segment.key),
    onSuccess: () => {
      onDeleted()
      void queries.invalidateQueries({ queryKey: queryKeys.segments(project), exact: true })
    },
  })
  return (
    <>
      <GuardedButton whyNot={whyNot} variant="default" leftSection={<IconTrash size={16} />} onClick={open}>
        Delete
      </GuardedButton>
      <ConfirmModal
        opened={opened}
        onClose={close}
        title={`Delete the segment ${segment.name}?`}
        sentences={[
          segment.usedBy.length === 0
            ? 'Nothing uses it. Its lists are gone for good.'
            : `It is ${usedByWords(segment.usedBy)}, so it will be refused.`,
        ]}
        confirmLabel="Delete"
        danger
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate()}
      />
    </>
  )
}
