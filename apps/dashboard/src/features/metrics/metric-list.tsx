import type { MetricView } from '@dimmer/protocol'
import { catalogueEntry } from '@dimmer/rollout'
import { Badge, EmptyState, Group, Text } from '@mantine/core'
import { IconGauge } from '../../shared/ui/icons.ts'
import { KeyText } from '../../shared/ui/key-text.tsx'
import { TextLink } from '../../shared/ui/links.tsx'
import { Panel } from '../../shared/ui/panel.tsx'
import { HealthLine } from './metric-health.tsx'
import classes from './metrics.module.css'
import { usesWords } from './model/health-words.ts'
import { metricSentence } from './model/metric-words.ts'

interface Props {
  readonly project: string
  readonly metrics: readonly MetricView[]
}

function Row({
  project,
  metric: { definition, health, usedBy },
}: {
  readonly project: string
  readonly metric: MetricView
}) {
  const { key, name, kind } = definition
  return (
    <li className={classes.row}>
      <div className={classes.name}>
        <Group gap="xs">
          <TextLink to="/p/$project/metrics/$metric" params={{ project, metric: key }} fw={600} c="inherit">
            {name}
          </TextLink>
          <KeyText c="dimmed">{key}</KeyText>
          <Badge variant="default" tt="none" fw={500} size="sm">
            {catalogueEntry(kind).name}
          </Badge>
        </Group>
        <Text size="sm">{metricSentence(definition)}</Text>
      </div>
      <div className={classes.state}>
        {health && <HealthLine health={health} />}
        <Text size="sm" c="dimmed">
          {usesWords(usedBy)}
        </Text>
      </div>
    </li>
  )
}

/** The library of a project: what each metric measures, whether its events arrive, and what uses it. */
export function MetricList({ project, metrics }: Props) {
  if (metrics.length === 0) {
    return (
      <Panel>
        <EmptyState
          my="lg"
          icon={<IconGauge size={28} />}
          withIndicatorBackground
          title="No metrics yet"
          description="A metric says what is measured on the events that your code tracks. Rollouts take it as guardrail or goal, experiments compare by it."
        />
      </Panel>
    )
  }
  return (
    <Panel flush>
      <ul className={classes.list} aria-label="Metrics">
        {metrics.map(metric => (
          <Row key={metric.definition.key} project={project} metric={metric} />
        ))}
      </ul>
    </Panel>
  )
}
