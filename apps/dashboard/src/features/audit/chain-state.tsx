import { Alert, Button, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../shared/api.tsx'
import { counted } from '../../shared/format/number.ts'
import { IconAlertTriangle, IconCircleCheck } from '../../shared/ui/icons.ts'
import { KeyText } from '../../shared/ui/key-text.tsx'
import { Loaded } from '../../shared/ui/loaded.tsx'
import { Panel } from '../../shared/ui/panel.tsx'
import { TimeAgo } from '../../shared/ui/time-ago.tsx'
import { ToneBadge } from '../../shared/ui/tone-badge.tsx'
import { chainQuery } from './audit-queries.ts'

/** Whether anybody has tampered with the log. */
export function ChainState({ project }: { readonly project: string }) {
  const query = useQuery(chainQuery(useApi(), project))
  return (
    <Panel>
      <Loaded query={query} lines={1} lineHeight={28}>
        {({ intact, entries, head, problem, verifiedAt }) => (
          <>
            <Group justify="space-between" gap="xs">
              <Group gap="sm">
                {intact && (
                  <ToneBadge tone="good" icon={<IconCircleCheck size={12} />}>
                    Chain verified
                  </ToneBadge>
                )}
                <Text size="sm">
                  {counted(entries, 'entry')} in all of Dimmer, checked <TimeAgo at={verifiedAt} />.
                </Text>
              </Group>
              <Button size="xs" variant="default" loading={query.isFetching} onClick={() => query.refetch()}>
                Verify again
              </Button>
            </Group>
            {problem !== null && (
              <Alert color="red" icon={<IconAlertTriangle size={18} />} title="Somebody has tampered with the log">
                {problem.message}
              </Alert>
            )}
            <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              Keep this elsewhere, and a later check can prove that nothing was rewritten since: {head.seq}{' '}
              <KeyText>{head.hash}</KeyText>
            </Text>
          </>
        )}
      </Loaded>
    </Panel>
  )
}
