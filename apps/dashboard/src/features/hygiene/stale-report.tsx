import type { StaleFlag, StaleReport } from '@dimmer/protocol'
import { EmptyState, List, Table, Text } from '@mantine/core'
import { count, counted } from '../../shared/format/number.ts'
import { date } from '../../shared/format/relative-time.ts'
import { IconRecycle } from '../../shared/ui/icons.ts'
import { KeyText } from '../../shared/ui/key-text.tsx'
import { TextLink } from '../../shared/ui/links.tsx'
import { Panel } from '../../shared/ui/panel.tsx'

interface Props {
  readonly project: string
  readonly report: StaleReport
}

function Row({ project, stale }: { readonly project: string; readonly stale: StaleFlag }) {
  return (
    <Table.Tr>
      <Table.Td>
        <TextLink to="/p/$project/flags/$flag" params={{ project, flag: stale.flag }} fw={600}>
          {stale.name}
        </TextLink>
        <div>
          <KeyText c="dimmed">{stale.flag}</KeyText>
        </div>
      </Table.Td>
      <Table.Td>{stale.environment}</Table.Td>
      <Table.Td>
        <KeyText>{stale.variant}</KeyText>
      </Table.Td>
      <Table.Td>{date(Date.parse(stale.since))}</Table.Td>
      <Table.Td ta="right">{count(stale.days)}</Table.Td>
    </Table.Tr>
  )
}

function WhatToDo() {
  return (
    <Panel title="What to do">
      <List size="sm" spacing={6}>
        <List.Item>Take the check out of the code and keep the branch that everybody gets.</List.Item>
        <List.Item>Deploy that everywhere. Until then the flag must stay as it is.</List.Item>
        <List.Item>Then archive the flag. Its key is never used again.</List.Item>
        <List.Item>
          A flag that is meant to stay, like a kill switch, is best left off while nothing is wrong.
        </List.Item>
      </List>
    </Panel>
  )
}

/** Flags that everybody has had for so long that they are only in the way. */
export function StaleFlags({ project, report }: Props) {
  if (report.flags.length === 0) {
    return (
      <Panel>
        <EmptyState
          my="lg"
          icon={<IconRecycle size={28} />}
          withIndicatorBackground
          title="Nothing to clean up"
          description={`No flag has served everybody the same for over ${counted(report.days, 'day')}.`}
        />
      </Panel>
    )
  }
  return (
    <>
      <Panel
        flush
        title={counted(report.flags.length, 'stale flag')}
        description={`Everybody has got the same variant for over ${counted(report.days, 'day')}.`}
      >
        <Table.ScrollContainer minWidth={560}>
          <Table verticalSpacing="sm" horizontalSpacing="md">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Flag</Table.Th>
                <Table.Th>Environment</Table.Th>
                <Table.Th>Everybody gets</Table.Th>
                <Table.Th>Since</Table.Th>
                <Table.Th ta="right">Days</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {report.flags.map(stale => (
                <Row key={`${stale.flag} ${stale.environment}`} project={project} stale={stale} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </Panel>
      <WhatToDo />
      <Text size="xs" c="dimmed">
        As of {date(Date.parse(report.asOf))}.
      </Text>
    </>
  )
}
