import type { MetricDetails as Details, MetricUse, MetricVersion } from '@dimmer/protocol'
import { List, Stack, Text } from '@mantine/core'
import { TextLink } from '../../../shared/ui/links.tsx'
import { Panel } from '../../../shared/ui/panel.tsx'
import { TimeAgo } from '../../../shared/ui/time-ago.tsx'
import { HealthLine } from '../metric-health.tsx'
import classes from '../metrics.module.css'
import { usesWords } from '../model/health-words.ts'
import { metricSentence } from '../model/metric-words.ts'

interface UseProps {
  readonly project: string
  readonly use: MetricUse
  readonly newest: number
}

function Use({ project, use, newest }: UseProps) {
  const { rollout, flag, environment, status, as, version } = use
  return (
    <List.Item>
      <TextLink
        to="/p/$project/rollouts/$rollout"
        params={{ project, rollout }}
        search={{ env: environment }}
        size="sm"
      >
        {flag}
      </TextLink>{' '}
      in {environment}, {status}: {as}, version {version}
      {version < newest && ` (the newest is ${newest})`}
    </List.Item>
  )
}

function Version({ version: { definition, at } }: { readonly version: MetricVersion }) {
  return (
    <li>
      <Text size="sm" fw={600} component="span">
        Version {definition.version}: {definition.name}
      </Text>{' '}
      <Text size="sm" c="dimmed" component="span">
        <TimeAgo at={at} />
      </Text>
      <Text size="sm">{metricSentence(definition)}</Text>
    </li>
  )
}

/** A metric: what it measures, whether its events arrive, what uses it, and what it was before. */
export function MetricDetails({
  project,
  environment,
  metric,
}: {
  readonly project: string
  readonly environment: string
  readonly metric: Details
}) {
  const { definition, health, usedBy, versions } = metric
  return (
    <Stack gap="lg">
      <Panel title="What it measures">
        <Text>{metricSentence(definition)}</Text>
        {definition.kind === 'external' && (
          <Text component="pre" size="sm" ff="monospace" m={0} style={{ whiteSpace: 'pre-wrap' }}>
            {definition.query}
          </Text>
        )}
      </Panel>
      {health && (
        <Panel title={`Data in ${environment}`}>
          <HealthLine health={health} />
          <Text size="sm">{health.sentence}</Text>
        </Panel>
      )}
      <Panel title="Used by" description={usesWords(usedBy)}>
        {usedBy.length === 0 ? (
          <Text size="sm" c="dimmed">
            Choose it as guardrail or goal when you start a rollout.
          </Text>
        ) : (
          <List size="sm" spacing={4}>
            {usedBy.map(use => (
              <Use key={`${use.rollout} ${use.id}`} project={project} use={use} newest={definition.version} />
            ))}
          </List>
        )}
      </Panel>
      <Panel title="Versions" description="The newest first. None is ever changed.">
        <ol reversed className={classes.versions}>
          {versions.map(version => (
            <Version key={version.definition.version} version={version} />
          ))}
        </ol>
      </Panel>
    </Stack>
  )
}
