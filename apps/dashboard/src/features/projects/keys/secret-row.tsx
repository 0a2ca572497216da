import type { SigningSecretView } from '@dimmer/protocol'
import { Button, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { ConfirmModal } from '../../../shared/ui/confirm-modal.tsx'
import { KeyText } from '../../../shared/ui/key-text.tsx'
import classes from './sdk-keys.module.css'
import { type SigningPlace, useSigning } from './use-signing.ts'
import { UseTimes } from './use-times.tsx'

/** One signing secret: when it was last used, and how to end it. */
export function SecretRow({ secret, ...place }: SigningPlace & { readonly secret: SigningSecretView }) {
  const [opened, { open, close }] = useDisclosure(false)
  const { revoke } = useSigning(place)
  const revoked = secret.revokedAt !== null
  return (
    <li className={classes.row}>
      <div>
        <Group gap="xs">
          <Text fw={600} {...(revoked ? { c: 'dimmed', td: 'line-through' } : {})}>
            {secret.name}
          </Text>
          <KeyText c="dimmed">{`${secret.prefix}…`}</KeyText>
        </Group>
        <Text size="sm" c="dimmed">
          <UseTimes {...secret} />
        </Text>
      </div>
      {!revoked && (
        <Button size="xs" variant="default" onClick={open} aria-label={`Revoke ${secret.name}`}>
          Revoke
        </Button>
      )}
      <ConfirmModal
        opened={opened}
        onClose={close}
        title={`Revoke "${secret.name}"?`}
        sentences={[
          'What it has signed is no longer believed, in pages that are open too.',
          'This cannot be undone. Bring another secret to your servers first if something still signs with it.',
        ]}
        confirmLabel="Revoke"
        danger
        busy={revoke.isPending}
        error={revoke.error}
        onConfirm={() => revoke.mutate(secret.id, { onSuccess: close })}
      />
    </li>
  )
}
