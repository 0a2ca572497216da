import { Button, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../shared/api.tsx'
import { queryKeys } from '../../shared/query-keys.ts'
import { Loaded } from '../../shared/ui/loaded.tsx'
import { Panel } from '../../shared/ui/panel.tsx'
import { ListRow, RowList } from '../../shared/ui/row-list.tsx'
import { TimeAgo } from '../../shared/ui/time-ago.tsx'
import { sessionsQuery } from './access-queries.ts'

/** Where the person is signed in, and the way out of each place. */
export function SessionsPanel() {
  const api = useApi()
  const queries = useQueryClient()
  const query = useQuery(sessionsQuery(api))
  const end = useMutation({
    mutationFn: (id: string) => api.endSession(id),
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.mySessions }),
  })
  const everywhere = useMutation({
    mutationFn: () => api.signOutEverywhere(),
    onSuccess: () => queries.invalidateQueries({ queryKey: queryKeys.session }),
  })
  return (
    <Panel
      flush
      title="Signed in at"
      actions={
        <Button size="xs" variant="default" loading={everywhere.isPending} onClick={() => everywhere.mutate()}>
          Sign out everywhere
        </Button>
      }
    >
      <Loaded query={query} lines={1}>
        {sessions => (
          <RowList label="Sessions">
            {sessions.map(({ id, current, ip, userAgent, lastUsedAt }) => (
              <ListRow key={id}>
                <Text size="sm" flex="1 1 200px">
                  {current && <strong>This browser · </strong>}
                  {ip} · used <TimeAgo at={lastUsedAt} />
                  <Text component="span" display="block" size="xs" c="dimmed" lineClamp={1}>
                    {userAgent ?? 'unknown program'}
                  </Text>
                </Text>
                {!current && (
                  <Button size="xs" variant="default" onClick={() => end.mutate(id)}>
                    Sign out
                  </Button>
                )}
              </ListRow>
            ))}
          </RowList>
        )}
      </Loaded>
    </Panel>
  )
}
