import type { SdkKeyView } from '@dimmer/protocol'
import { Button, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../../shared/api.tsx'
import { queryKeys } from '../../../shared/query-keys.ts'
import { ConfirmModal } from '../../../shared/ui/confirm-modal.tsx'
import { KeyText } from '../../../shared/ui/key-text.tsx'
import classes from './sdk-keys.module.css'
import { UseTimes } from './use-times.tsx'

interface Props {
  readonly project: string
  readonly environment: string
  readonly sdkKey: SdkKeyView
}

function Revoke({ project, environment, sdkKey }: Props) {
  const api = useApi()
  const queries = useQueryClient()
  const [opened, { open, close }] = useDisclosure(false)
  const revoke = useMutation({
    mutationFn: () => api.revokeSdkKey(project, environment, sdkKey.id),
    onSuccess: () => {
      close()
      void queries.invalidateQueries({ queryKey: queryKeys.sdkKeys(project, environment) })
    },
  })
  return (
    <>
      <Button size="xs" variant="default" onClick={open}>
        Revoke
      </Button>
      <ConfirmModal
        opened={opened}
        onClose={close}
        title={`Revoke "${sdkKey.name}"?`}
        sentences={[
          'SDKs with this key are cut off at once. They keep the last values they have, until they restart.',
          'This cannot be undone. Make a new key first if something still uses it.',
        ]}
        confirmLabel="Revoke"
        danger
        busy={revoke.isPending}
        error={revoke.error}
        onConfirm={() => revoke.mutate()}
      />
    </>
  )
}

const KIND_WORDS = { server: 'Server', browser: 'Browser', edge: 'Edge' } as const

/** One key: what it is for, when it was last used, and how to end it. */
export function KeyRow(props: Props) {
  const { name, kind, prefix, revokedAt } = props.sdkKey
  const revoked = revokedAt !== null
  return (
    <li className={classes.row}>
      <div>
        <Group gap="xs">
          <Text fw={600} {...(revoked ? { c: 'dimmed', td: 'line-through' } : {})}>
            {name}
          </Text>
          <KeyText c="dimmed">{`${prefix}…`}</KeyText>
        </Group>
        <Text size="sm" c="dimmed">
          {KIND_WORDS[kind]} · <UseTimes {...props.sdkKey} />
        </Text>
      </div>
      {!revoked && <Revoke {...props} />}
    </li>
  )
}
