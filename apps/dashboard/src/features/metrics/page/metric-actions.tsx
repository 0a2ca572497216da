import type { MetricView } from '@dimmer/protocol'
import { Group } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../../shared/api.tsx'
import { queryKeys } from '../../../shared/query-keys.ts'
import { ConfirmModal } from '../../../shared/ui/confirm-modal.tsx'
import { GuardedButton } from '../../../shared/ui/guarded.tsx'
import { IconTrash } from '../../../shared/ui/icons.ts'
import { useWhyNot } from '../../access/index.ts'
import { MetricDialog } from '../dialog/metric-dialog.tsx'
import { usesWords } from '../model/health-words.ts'

interface Props {
  readonly project: string
  readonly metric: MetricView
  readonly onDeleted: () => void
}

function DeleteMetric({ project, metric, onDeleted }: Props) {
  const api = useApi()
  const queries = useQueryClient()
  const [opened, { open, close }] = useDisclosure(false)
  const whyNot = useWhyNot('metric:write', { project })
  const { key, name } = metric.definition
  const remove = useMutation({
    mutationFn: () => api.deleteMetric(project, key),
    onSuccess: () => {
      onDeleted()
      void queries.invalidateQueries({ queryKey: queryKeys.metrics(project), exact: false, refetchType: 'none' })
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
        title={`Delete the metric ${name}?`}
        sentences={[
          metric.usedBy.length === 0
            ? 'Nothing is judged by it. Rollouts that are over keep what they were judged by.'
            : `${usesWords(metric.usedBy)}, so it will be refused.`,
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

/** What can be done with a metric. */
export function MetricActions(props: Props) {
  const { project, metric } = props
  const [opened, { open, close }] = useDisclosure(false)
  const whyNot = useWhyNot('metric:write', { project })
  return (
    <Group gap="xs">
      <DeleteMetric {...props} />
      <GuardedButton whyNot={whyNot} onClick={open}>
        Change
      </GuardedButton>
      <MetricDialog opened={opened} project={project} metric={metric} onClose={close} onSaved={close} />
    </Group>
  )
}
