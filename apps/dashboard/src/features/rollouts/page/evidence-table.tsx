import type { Guardrail, Verdict } from '@dimmer/rollout'
import { Table, Text } from '@mantine/core'
import { dateTime } from '../../../shared/format/relative-time.ts'
import { boundWords, verdictBounds } from '../model/verdict-bounds.ts'
import { chanceSentence, evidenceRows } from '../model/verdict-words.ts'

interface Props {
  readonly guardrail: Guardrail
  readonly verdict: Verdict
}

/** Everything a verdict rests on. */
export function EvidenceTable({ guardrail, verdict }: Props) {
  const { estimate, lower, upper, limit } = verdictBounds(guardrail, verdict.evidence)
  const words = (value: number | undefined): string =>
    value === undefined ? 'not known' : boundWords(guardrail, value, verdict.evidence.limit)
  return (
    <div>
      <Table fz="xs" verticalSpacing={4} horizontalSpacing="xs" withRowBorders={false}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th />
            <Table.Th ta="right">Has it</Table.Th>
            <Table.Th ta="right">Comparison group</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {evidenceRows(guardrail, verdict).map(row => (
            <Table.Tr key={row.label}>
              <Table.Td>{row.label}</Table.Td>
              <Table.Td ta="right">{row.treated}</Table.Td>
              <Table.Td ta="right">{row.control}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="xs" c="dimmed" px="xs" pt={4}>
        Estimate {words(estimate)}, between {words(lower)} and {words(upper)};{' '}
        {verdict.goal === true ? 'target' : 'limit'} {words(limit)}. {chanceSentence(verdict)} Looked at{' '}
        {dateTime(verdict.at)}.
      </Text>
    </div>
  )
}
