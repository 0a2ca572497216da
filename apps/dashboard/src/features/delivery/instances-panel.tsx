import type { InstanceView } from '@dimmer/protocol'
import { Group, ScrollArea, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../shared/api.tsx'
import { count } from '../../shared/format/number.ts'
import { IconPointFilled } from '../../shared/ui/icons.ts'
import { KeyText } from '../../shared/ui/key-text.tsx'
import { Loaded } from '../../shared/ui/loaded.tsx'
import { Panel } from '../../shared/ui/panel.tsx'
import { TimeAgo } from '../../shared/ui/time-ago.tsx'
import { instancesQuery } from './delivery-queries.ts'
import { skippedWords } from './receipt-words.ts'

interface Props {
  readonly project: string
  readonly environment: string
  /** Ruleset version of the environment: who runs an older one is behind. */
  readonly version: number
}

function Instance({ instance, version }: { readonly instance: InstanceView; readonly version: number }) {
  const { instanceId, sdk, connected, state, via, confirmedAt, skips } = instance
  const behind = connected && (instance.version ?? -1) < version
  return (
    <Group gap={8} wrap="nowrap" align="flex-start">
      <IconPointFilled
        size={14}
        color={connected ? 'var(--mantine-color-teal-6)' : 'var(--dimmer-control)'}
        style={{ marginTop: 4, flex: 'none' }}
        aria-hidden="true"
      />
      <Stack gap={0} miw={0}>
        <KeyText fw={600}>{instanceId}</KeyText>
        <Text size="xs" c="dimmed">
          {sdk}
          {via !== null && ` over ${via}`} · {behind ? `${state}, behind` : state}
          {instance.version !== null && ` · version ${instance.version}`}
          {confirmedAt !== null && (
            <>
              {' '}
              · <TimeAgo at={confirmedAt} />
            </>
          )}
        </Text>
        {skips.length > 0 && (
          <Text size="xs" c="red">
            {skippedWords(skips)}
          </Text>
        )}
      </Stack>
    </Group>
  )
}

const byPresence = (a: InstanceView, b: InstanceView): number =>
  Number(b.connected) - Number(a.connected) || a.instanceId.localeCompare(b.instanceId)

/** The SDK instances of an environment and the version each runs. */
export function InstancesPanel({ project, environment, version }: Props) {
  const query = useQuery(instancesQuery(useApi(), project, environment))
  const connected = query.data?.filter(one => one.connected).length ?? 0
  return (
    <Panel title="SDK instances" description={query.data && `${count(connected)} connected, at version ${version}`}>
      <Loaded query={query} lines={2} lineHeight={40}>
        {instances =>
          instances.length === 0 ? (
            <Text size="sm" c="dimmed">
              None has asked for this environment yet. Make an SDK key and start your app with it.
            </Text>
          ) : (
            <ScrollArea.Autosize mah={320}>
              <Stack gap="xs">
                {instances.toSorted(byPresence).map(instance => (
                  <Instance key={instance.instanceId} instance={instance} version={version} />
                ))}
              </Stack>
            </ScrollArea.Autosize>
          )
        }
      </Loaded>
    </Panel>
  )
}
