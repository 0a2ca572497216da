import type { ConnectionView } from '@dimmer/protocol'
import { Button, Group, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { ConfirmModal } from '../../shared/ui/confirm-modal.tsx'
import { GuardedButton } from '../../shared/ui/guarded.tsx'
import { IconAlertTriangle, IconCircleCheck } from '../../shared/ui/icons.ts'
import { ListRow } from '../../shared/ui/row-list.tsx'
import { TimeAgo } from '../../shared/ui/time-ago.tsx'
import { ToneBadge } from '../../shared/ui/tone-badge.tsx'
import { useWhyNot } from '../access/index.ts'
import { AddressToPaste } from './address-to-paste.tsx'
import { type Place, useConnectionAct } from './connection-queries.ts'
import { passedWords, standingOf } from './model/connection-words.ts'
import { KINDS } from './model/kinds.ts'
import { Undelivered } from './undelivered-panel.tsx'

interface Props {
  readonly place: Place
  readonly connection: ConnectionView
}

const ICONS = { good: <IconCircleCheck size={12} />, bad: <IconAlertTriangle size={12} /> } as const

function Remove({ place, connection: { key, name } }: Props) {
  const [opened, { open, close }] = useDisclosure(false)
  const whyNot = useWhyNot('project:manage', place)
  const remove = useConnectionAct(place, (api, one: string) =>
    api.deleteConnection(place.project, place.environment, one),
  )
  return (
    <>
      <GuardedButton whyNot={whyNot} size="xs" variant="default" aria-label={`Disconnect ${name}`} onClick={open}>
        Disconnect
      </GuardedButton>
      <ConfirmModal
        opened={opened}
        onClose={close}
        title={`Disconnect ${name}?`}
        sentences={[
          'Its address stops working at once, and its secret is forgotten.',
          'What waits to be delivered is dropped. What has arrived stays.',
        ]}
        confirmLabel="Disconnect"
        danger
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(key, { onSuccess: close })}
      />
    </>
  )
}

function Health({ connection }: Pick<Props, 'connection'>) {
  const { lastPassedAt, lastProblemAt, lastProblem } = connection.health
  return (
    <Stack gap={2}>
      <Text size="sm" c="dimmed">
        {passedWords(connection)}
        {lastPassedAt !== null && (
          <>
            , last <TimeAgo at={lastPassedAt} />
          </>
        )}
      </Text>
      {lastProblemAt !== null && (
        <Text size="sm">
          <TimeAgo at={lastProblemAt} />: {lastProblem}
        </Text>
      )}
    </Stack>
  )
}

/** What was refused for good stays folded away until somebody asks: each look reads names of people. */
function Refused({ place, connection }: Props) {
  const [shown, { toggle }] = useDisclosure(false)
  const mayLookUp = useWhyNot('directory:read', place)
  if (!KINDS[connection.kind].sink || connection.health.refused === 0) return null
  return (
    <>
      <GuardedButton whyNot={mayLookUp} size="xs" variant="default" aria-expanded={shown} onClick={toggle}>
        {shown ? 'Hide what was refused' : 'Show what was refused'}
      </GuardedButton>
      {shown && <Undelivered place={place} connection={connection.key} />}
    </>
  )
}

/** One connection: what it is, how it is, where it is called, and out. */
export function ConnectionRow(props: Props) {
  const { name, kind, settings, address } = props.connection
  const [shown, { toggle }] = useDisclosure(false)
  const { tone, word } = standingOf(props.connection)
  return (
    <ListRow>
      <Stack gap={4} flex="1 1 320px" miw={0}>
        <Group gap="xs">
          <Text fw={600}>{name}</Text>
          <ToneBadge tone={tone} icon={tone === 'good' || tone === 'bad' ? ICONS[tone] : undefined}>
            {word}
          </ToneBadge>
        </Group>
        <Text size="sm" c="dimmed">
          {KINDS[kind].label}
          {'url' in settings && ` at ${settings.url}`}
          {'units' in settings && `, told about ${settings.units.join(' and ')}`}
        </Text>
        <Health connection={props.connection} />
      </Stack>
      <Group gap="xs">
        {address !== null && (
          <Button size="xs" variant="default" aria-expanded={shown} onClick={toggle}>
            {shown ? 'Hide address' : 'Show address'}
          </Button>
        )}
        <Remove {...props} />
      </Group>
      {address !== null && shown && <AddressToPaste kind={kind} address={address} />}
      <Refused {...props} />
    </ListRow>
  )
}
