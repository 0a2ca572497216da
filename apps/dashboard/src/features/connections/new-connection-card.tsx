import type { NewConnection } from '@dimmer/protocol'
import { Alert, Text } from '@mantine/core'
import { IconPlug } from '../../shared/ui/icons.ts'
import { SecretCard } from '../../shared/ui/secret-card.tsx'
import { AddressToPaste } from './address-to-paste.tsx'

interface Props {
  readonly connection: NewConnection
  readonly onClose: () => void
}

/** What to do next with a connection that was just made: the only time that a secret made here is shown. */
export function NewConnectionCard({ connection, onClose }: Props) {
  const { name, kind, address, secret } = connection
  if (secret !== undefined) {
    return (
      <SecretCard
        title={`${name} is connected: this is its secret`}
        text="Keep it where your desk can sign with it. It is not shown again."
        secret={secret}
        copyLabel="Copy secret"
        onClose={onClose}
      >
        {address !== null && <AddressToPaste kind={kind} address={address} />}
      </SecretCard>
    )
  }
  return (
    <Alert
      color="teal"
      variant="light"
      icon={<IconPlug size={18} />}
      title={`${name} is connected`}
      withCloseButton
      closeButtonLabel="Close"
      onClose={onClose}
    >
      {address === null ? (
        <Text size="sm">Whether it works shows below, once something has passed or was refused.</Text>
      ) : (
        <AddressToPaste kind={kind} address={address} />
      )}
    </Alert>
  )
}
