import type { ExperimentView } from '@dimmer/protocol'
import type { ArmReading, MetricDefinition, MetricReading, SegmentReading } from '@dimmer/rollout'
import { Group, Stack, Table, Text } from '@mantine/core'
import { count, counted, plural } from '../../shared/format/number.ts'
import { Panel } from '../../shared/ui/panel.tsx'
import { ToneBadge } from '../../shared/ui/tone-badge.tsx'
import { metricSentence } from '../metrics/index.ts'
import classes from './experiments.module.css'
import { LiftBar } from './lift-bar.tsx'
import { estimateWords, liftWords, VERDICT_LABELS, VERDICT_TONES } from './model/reading-words.ts'

interface Props {
  readonly experiment: Pick<ExperimentView, 'baseline' | 'unit' | 'arms'>
  readonly metric: MetricDefinition
  readonly reading: MetricReading
  /** Of the scale that all intervals of the page share. */
  readonly span: number
  /** The attribute that is read by. */
  readonly by: string | undefined
}

interface ArmProps extends Pick<Props, 'experiment' | 'metric' | 'span'> {
  readonly arm: ArmReading
}

function Arm({ experiment: { baseline, unit, arms }, metric, arm, span }: ArmProps) {
  const { variant, units, estimate, verdict, sentence, explained, notCalibrated } = arm
  return (
    <div className={classes.arm}>
      <Stack gap={4}>
        <Group gap="xs">
          <ToneBadge tone={VERDICT_TONES[verdict]}>{VERDICT_LABELS[verdict]}</ToneBadge>
          {arms.length > 2 && (
            <Text size="sm" fw={600}>
              {variant}
            </Text>
          )}
        </Group>
        <Text fw={600}>{sentence}</Text>
        <Text size="sm" c="dimmed">
          {variant} {estimateWords(metric, estimate)}, {baseline} {estimateWords(metric, arm.baseline)};{' '}
          {counted(units, unit)} with a complete window
          {explained >= 0.01 && `; their history explains ${Math.round(100 * explained)} % of the differences`}.
        </Text>
        {notCalibrated !== undefined && (
          <Text size="sm" c="var(--mantine-color-yellow-light-color)">
            {notCalibrated}
          </Text>
        )}
      </Stack>
      <LiftBar reading={arm} span={span} />
    </div>
  )
}

interface SegmentsProps extends Pick<Props, 'experiment'> {
  readonly by: string
  readonly segments: readonly SegmentReading[]
}

const intervalWords = ({ lower, upper }: SegmentReading): string =>
  lower === undefined || upper === undefined ? 'too few units' : `${liftWords(lower)} to ${liftWords(upper)}`

/** The same by value of an attribute; which differences stand when all of them are looked at together. */
function Segments({ experiment: { unit, arms }, by, segments }: SegmentsProps) {
  if (segments.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        The directory knows “{by}” of none of these {plural(unit)}.
      </Text>
    )
  }
  return (
    <Table.ScrollContainer minWidth={420}>
      <Table className={classes.table} fz="sm" verticalSpacing={6} aria-label={`By ${by}`}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{by}</Table.Th>
            {arms.length > 2 && <Table.Th>Arm</Table.Th>}
            <Table.Th ta="right">Units</Table.Th>
            <Table.Th ta="right">Lift</Table.Th>
            <Table.Th ta="right">Interval</Table.Th>
            <Table.Th>Stands</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {segments.map(one => (
            <Table.Tr key={`${one.segment} ${one.variant}`}>
              <Table.Td>{one.segment}</Table.Td>
              {arms.length > 2 && <Table.Td>{one.variant}</Table.Td>}
              <Table.Td ta="right">{count(one.units)}</Table.Td>
              <Table.Td ta="right">{one.lift === undefined ? 'none' : liftWords(one.lift)}</Table.Td>
              <Table.Td ta="right">{intervalWords(one)}</Table.Td>
              <Table.Td>{one.found ? VERDICT_LABELS[one.verdict] : 'not yet'}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

/** What one metric says of every arm. */
export function MetricReadingPanel({ experiment, metric, reading, span, by }: Props) {
  return (
    <Panel title={metric.name} description={metricSentence({ ...metric, unit: experiment.unit })}>
      {reading.arms.map(arm => (
        <Arm key={arm.variant} experiment={experiment} metric={metric} arm={arm} span={span} />
      ))}
      {by !== undefined && <Segments experiment={experiment} by={by} segments={reading.segments} />}
    </Panel>
  )
}
