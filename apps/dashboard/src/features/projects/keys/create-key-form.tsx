import type { NewSdkKey, SdkKeyView } from '@dimmer/protocol'
import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../../shared/api.tsx'
import { queryKeys } from '../../../shared/query-keys.ts'
import { ErrorAlert } from '../../../shared/ui/error-alert.tsx'
import { IconPlus } from '../../../shared/ui/icons.ts'

interface Props {
  readonly project: string
  readonly environment: string
  readonly onCreated: (key: NewSdkKey) => void
}

const LIFETIMES = [
  { value: '', label: 'until it is revoked' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '366', label: 'a year' },
]

const KINDS: readonly { value: SdkKeyView['kind']; label: string }[] = [
  { value: 'server', label: 'Server: gets the rules' },
  { value: 'browser', label: 'Browser: gets values only' },
  { value: 'edge', label: 'Edge: serves the rules on' },
]

/** Makes a key for one environment. */
export function CreateKeyForm({ project, environment, onCreated }: Props) {
  const api = useApi()
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [kind, setKind] = useState<SdkKeyView['kind']>('server')
  const [days, setDays] = useState('')
  const create = useMutation({
    mutationFn: () =>
      api.createSdkKey(project, environment, {
        kind,
        name: name.trim(),
        ...(days !== '' && { expiresInDays: Number(days) }),
      }),
    onSuccess: key => {
      setName('')
      onCreated(key)
      void queries.invalidateQueries({ queryKey: queryKeys.sdkKeys(project, environment) })
    },
  })
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        create.mutate()
      }}
    >
      <Stack gap="sm">
        <Group align="flex-end" gap="sm">
          <TextInput
            label="Name"
            placeholder="Invoice API"
            required
            flex="1 1 180px"
            value={name}
            onChange={event => setName(event.currentTarget.value)}
          />
          <NativeSelect
            label="For"
            flex="1 1 180px"
            data={[...KINDS]}
            value={kind}
            onChange={event => setKind(KINDS.find(({ value }) => value === event.currentTarget.value)?.value ?? kind)}
          />
          <NativeSelect
            label="Holds"
            flex="1 1 200px"
            data={LIFETIMES}
            value={days}
            onChange={event => setDays(event.currentTarget.value)}
          />
          <Button
            type="submit"
            leftSection={<IconPlus size={16} />}
            loading={create.isPending}
            disabled={name.trim() === ''}
          >
            Create key
          </Button>
        </Group>
        {create.error !== null && <ErrorAlert error={create.error} title="The key was not created" />}
      </Stack>
    </form>
  )
}
