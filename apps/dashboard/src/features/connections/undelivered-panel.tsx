import type { UndeliveredRetried, UndeliveredView } from '@dimmer/protocol'
import { Group, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../shared/api.tsx'
import { count } from '../../shared/format/number.ts'
import { ErrorAlert } from '../../shared/ui/error-alert.tsx'
import { GuardedButton } from '../../shared/ui/guarded.tsx'
import { KeyText } from '../../shared/ui/key-text.tsx'
import { Loaded } from '../../shared/ui/loaded.tsx'
import { TimeAgo } from '../../shared/ui/time-ago.tsx'
import { useWhyNot } from '../access/index.ts'
import { type Place, undeliveredQuery, useConnectionAct } from './connection-queries.ts'

interface Props {
  readonly place: Place
  readonly connection: string
}

const retriedWords = ({ delivered, left, because }: UndeliveredRetried): string =>
  left === 0
    ? `All ${count(delivered)} were delivered.`
    : `${count(delivered)} were delivered, ${count(left)} were refused again${because === undefined ? '.' : `: ${because}`}`

function Letters({ letters }: { readonly letters: readonly UndeliveredView[] }) {
  return (
    <Table.ScrollContainer minWidth={520}>
      <Table aria-label="Refused for good" fz="sm" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Unit</Table.Th>
            <Table.Th>Flag and variant</Table.Th>
            <Table.Th>Why</Table.Th>
            <Table.Th>When</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {letters.map(({ id, unit, unitId, flag, variant, reason, at }) => (
            <Table.Tr key={id}>
              <Table.Td>
                {unit} <KeyText>{unitId}</KeyText>
              </Table.Td>
              <Table.Td>
                {flag}: {variant}
              </Table.Td>
              <Table.Td>{reason}</Table.Td>
              <Table.Td>
                <TimeAgo at={at} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

/** What the other side refused for good, and another try once the cause is mended. */
export function Undelivered({ place, connection }: Props) {
  const query = useQuery(undeliveredQuery(useApi(), place, connection))
  const whyNot = useWhyNot('project:manage', place)
  const retry = useConnectionAct(place, (api, key: string) =>
    api.retryUndelivered(place.project, place.environment, key),
  )
  return (
    <Loaded query={query} lines={1} lineHeight={32}>
      {letters => (
        <Stack gap="xs" w="100%">
          {letters.length > 0 && <Letters letters={letters} />}
          {retry.error !== null && <ErrorAlert error={retry.error} title="They were not sent" />}
          <Group gap="sm">
            {letters.length > 0 && (
              <GuardedButton
                whyNot={whyNot}
                size="xs"
                variant="default"
                loading={retry.isPending}
                onClick={() => retry.mutate(connection)}
              >
                Send once more
              </GuardedButton>
            )}
            <Text size="sm" c="dimmed" role="status">
              {retry.data === undefined
                ? letters.length === 0 && 'Nothing waits: all of it was delivered since.'
                : retriedWords(retry.data)}
            </Text>
          </Group>
        </Stack>
      )}
    </Loaded>
  )
}
