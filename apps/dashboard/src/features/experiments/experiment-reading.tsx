import type { ExperimentView, MetricView } from '@dimmer/protocol'
import { Alert, Stack, Table, Text } from '@mantine/core'
import { count, counted, plural } from '../../shared/format/number.ts'
import { percent } from '../../shared/format/percent.ts'
import { IconAlertTriangle } from '../../shared/ui/icons.ts'
import { Panel } from '../../shared/ui/panel.tsx'
import { TimeAgo } from '../../shared/ui/time-ago.tsx'
import classes from './experiments.module.css'
import { MetricReadingPanel } from './metric-reading.tsx'
import { liftSpan } from './model/lift-scale.ts'
import { summaryWords } from './model/reading-words.ts'

interface Props {
  readonly reading: ExperimentView
  readonly metrics: readonly MetricView[]
  readonly by: string | undefined
}

/** Planned against seen: whether the arms have the sizes that they should have. */
function Arms({ reading: { arms, baseline, unit, since, sick, crossed } }: Pick<Props, 'reading'>) {
  const weights = arms.reduce((sum, { weight }) => sum + weight, 0)
  const units = arms.reduce((sum, arm) => sum + arm.units, 0)
  return (
    <Panel
      title="Arms"
      description={
        <>
          Counted since version {since.version}, <TimeAgo at={since.at} />. Another split begins anew.
        </>
      }
    >
      {sick === undefined ? (
        <Text size="sm">
          {units === 0 ? 'Nobody has been served yet.' : 'The arms have the sizes that they should have.'}
          {crossed > 0 && ` ${counted(crossed, unit)} got several variants and are left out.`}
        </Text>
      ) : (
        <Alert
          color="yellow"
          variant="light"
          icon={<IconAlertTriangle size={18} />}
          title="These numbers can’t be trusted"
        >
          {sick}
        </Alert>
      )}
      <Table.ScrollContainer minWidth={0}>
        <Table className={classes.table} fz="sm" verticalSpacing={6} horizontalSpacing="xs" aria-label="Arms">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Variant</Table.Th>
              <Table.Th ta="right">Planned</Table.Th>
              <Table.Th ta="right">Seen</Table.Th>
              <Table.Th ta="right" tt="capitalize">
                {plural(unit)}
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {arms.map(arm => (
              <Table.Tr key={arm.variant}>
                <Table.Td>
                  {arm.variant}
                  {arm.variant === baseline && ' (baseline)'}
                </Table.Td>
                <Table.Td ta="right">{percent(Number(((100 * arm.weight) / weights).toPrecision(3)))}</Table.Td>
                <Table.Td ta="right">
                  {units === 0 ? 'none' : percent(Number(((100 * arm.units) / units).toPrecision(3)))}
                </Table.Td>
                <Table.Td ta="right">{count(arm.units)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Panel>
  )
}

/** A split read as an A/B test: what is proven, whether it can be trusted, and each metric by itself. */
export function ExperimentReading({ reading, metrics, by }: Props) {
  const span = liftSpan(reading.metrics.flatMap(({ arms }) => arms))
  return (
    <Stack gap="lg">
      <Panel title="In short">
        {summaryWords(reading).map(sentence => (
          <Text key={sentence} fw={600}>
            {sentence}
          </Text>
        ))}
        <Text size="sm" c="dimmed">
          Intervals hold however often you look, each by itself: of many, some miss. Nothing here acts; rolling back is
          the business of a rollout’s guardrails.
        </Text>
      </Panel>
      <Arms reading={reading} />
      {reading.metrics.map(one => {
        const metric = metrics.find(({ definition }) => definition.key === one.metric)
        return (
          metric && (
            <MetricReadingPanel
              key={one.metric}
              experiment={reading}
              metric={metric.definition}
              reading={one}
              span={span}
              by={by}
            />
          )
        )
      })}
    </Stack>
  )
}
