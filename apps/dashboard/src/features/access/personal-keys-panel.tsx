import type { PersonalKeyView } from '@dimmer/protocol'
import { Button, Group, NativeSelect, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../shared/api.tsx'
import { queryKeys } from '../../shared/query-keys.ts'
import { ErrorAlert } from '../../shared/ui/error-alert.tsx'
import { KeyText } from '../../shared/ui/key-text.tsx'
import { Loaded } from '../../shared/ui/loaded.tsx'
import { Panel } from '../../shared/ui/panel.tsx'
import { ListRow, RowList } from '../../shared/ui/row-list.tsx'
import { SecretCard } from '../../shared/ui/secret-card.tsx'
import { TimeAgo } from '../../shared/ui/time-ago.tsx'
import { personalKeysQuery } from './access-queries.ts'

const LIFETIMES = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '366', label: 'a year' },
]

function CreateKey() {
  const api = useApi()
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [days, setDays] = useState('90')
  const [reach, setReach] = useState('all')
  const create = useMutation({
    mutationFn: () =>
      api.createPersonalKey({
        name,
        expiresInDays: Number(days),
        ...(reach === 'read' && { permissions: ['project:read', 'directory:read'] }),
      }),
    onSuccess: () => {
      setName('')
      void queries.invalidateQueries({ queryKey: queryKeys.myKeys })
    },
  })
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        create.mutate()
      }}
    >
      <Group align="flex-end" gap="sm">
        <TextInput
          label="Name"
          placeholder="Deploy script"
          required
          flex="1 1 180px"
          value={name}
          onChange={event => setName(event.currentTarget.value)}
        />
        <NativeSelect
          label="May"
          flex="1 1 180px"
          data={[
            { value: 'all', label: 'all that you may' },
            { value: 'read', label: 'only read' },
          ]}
          value={reach}
          onChange={event => setReach(event.currentTarget.value)}
        />
        <NativeSelect
          label="Holds"
          flex="1 1 100px"
          data={LIFETIMES}
          value={days}
          onChange={event => setDays(event.currentTarget.value)}
        />
        <Button type="submit" loading={create.isPending} disabled={name.trim() === ''}>
          Create key
        </Button>
      </Group>
      {create.error !== null && <ErrorAlert error={create.error} title="The key was not created" />}
      {create.data !== undefined && (
        <SecretCard
          title={`Key "${create.data.name}" is ready`}
          text='Send it as "Authorization: Bearer ...". It is not shown again.'
          secret={create.data.key}
          copyLabel="Copy key"
          onClose={create.reset}
        />
      )}
    </form>
  )
}

function KeyRow({ row }: { readonly row: PersonalKeyView }) {
  const api = useApi()
  const queries = useQueryClient()
  const revoke = useMutation({
    mutationFn: () => api.revokePersonalKey(row.id),
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.myKeys }),
  })
  return (
    <ListRow>
      <Text size="sm" flex="1 1 200px">
        <strong>{row.name}</strong> <KeyText c="dimmed">{`${row.prefix}…`}</KeyText>
        <Text component="span" display="block" size="xs" c="dimmed">
          {row.permissions === null ? 'may all that you may' : row.permissions.join(', ')}
          {row.project !== null && ` in ${row.project}`} ·{' '}
          {row.lastUsedAt === null ? (
            'never used'
          ) : (
            <>
              used <TimeAgo at={row.lastUsedAt} />
            </>
          )}
          {row.expiresAt !== null && (
            <>
              {' '}
              · ends <TimeAgo at={row.expiresAt} />
            </>
          )}
        </Text>
      </Text>
      <Button size="xs" variant="default" loading={revoke.isPending} onClick={() => revoke.mutate()}>
        Revoke
      </Button>
    </ListRow>
  )
}

/** Keys with which programs act for the person. */
export function PersonalKeysPanel() {
  const query = useQuery(personalKeysQuery(useApi()))
  return (
    <>
      <Panel title="Personal keys" description="For scripts and the command line: they act for you.">
        <CreateKey />
      </Panel>
      <Loaded query={query} lines={1}>
        {keys => {
          const inUse = keys.filter(({ revokedAt }) => revokedAt === null)
          return inUse.length === 0 ? null : (
            <Panel flush title="Keys in use">
              <RowList label="Personal keys">
                {inUse.map(row => (
                  <KeyRow key={row.id} row={row} />
                ))}
              </RowList>
            </Panel>
          )
        }}
      </Loaded>
    </>
  )
}
