import { useDisclosure } from '@mantine/hooks'
import { ConfirmModal } from '../../../shared/ui/confirm-modal.tsx'
import { GuardedButton } from '../../../shared/ui/guarded.tsx'
import { IconArchive } from '../../../shared/ui/icons.ts'
import { useWhyNot } from '../../access/index.ts'
import { useArchiveFlag } from '../use-flag-change.ts'

interface Props {
  readonly project: string
  readonly flag: { readonly key: string; readonly name: string }
  readonly onArchived: () => void
}

const CONSEQUENCES = [
  'It is gone in every environment. Code that still asks for it gets its own fallback.',
  'Its key is never used again.',
  'This cannot be undone.',
]

/** Takes a flag out of use, once the code no longer asks for it. */
export function ArchiveButton({ project, flag, onArchived }: Props) {
  const [opened, { open, close }] = useDisclosure(false)
  const archive = useArchiveFlag(project, flag.key)
  const whyNot = useWhyNot('flag:write', { project, everywhere: true })
  return (
    <>
      <GuardedButton whyNot={whyNot} variant="default" leftSection={<IconArchive size={16} />} onClick={open}>
        Archive
      </GuardedButton>
      <ConfirmModal
        opened={opened}
        onClose={close}
        title={`Archive ${flag.name}?`}
        sentences={CONSEQUENCES}
        confirmLabel="Archive it"
        danger
        busy={archive.isPending}
        error={archive.error}
        onConfirm={() => archive.mutate(undefined, { onSuccess: onArchived })}
      />
    </>
  )
}
