import type { DecisionView, MetricView, RolloutSeries, RolloutView } from '@dimmer/protocol'
import { type Guardrail, progress } from '@dimmer/rollout'
import { Stack, Text, Title } from '@mantine/core'
import { counted } from '../../../shared/format/number.ts'
import { Panel } from '../../../shared/ui/panel.tsx'
import { useNow } from '../../../shared/use-now.ts'
import { GuardrailCharts } from '../charts/guardrail-charts.tsx'
import { statusSentence } from '../model/rollout-words.ts'
import { serverNow } from '../model/server-now.ts'
import { goalAsGuardrail } from '../model/verdict-words.ts'
import { StatusBadge } from '../status-badge.tsx'
import { DecisionLog } from './decision-log.tsx'
import { GuardrailCard } from './guardrail-card.tsx'
import { StageTimeline } from './stage-timeline.tsx'
import { StartApprovals } from './start-approvals.tsx'

interface Props {
  readonly project: string
  readonly rollout: RolloutView
  /** Absent while loading. */
  readonly decisions: readonly DecisionView[] | undefined
  readonly series: RolloutSeries | undefined
  /** Metrics of the library. */
  readonly library: readonly MetricView[]
}

/** The metric that a guardrail or goal is judged by, where the library has a newer version of it. */
const newerOf = (library: readonly MetricView[], rollout: string, id: string): MetricView | undefined =>
  library.find(({ definition, usedBy }) =>
    usedBy.some(use => use.rollout === rollout && use.id === id && use.version < definition.version),
  )

/** Where a rollout stands, how healthy it is, and every decision so far. */
export function RolloutDetails({ project, rollout, decisions, series, library }: Props) {
  const { plan, state, verdicts, exposedUnits } = rollout
  const now = serverNow(useNow(), verdicts)
  const goals = (plan.goals ?? []).map(goalAsGuardrail)
  const card = (guardrail: Guardrail) => (
    <GuardrailCard
      key={guardrail.id}
      guardrail={guardrail}
      unit={plan.unit}
      verdict={verdicts.find(one => one.guardrailId === guardrail.id)}
      newer={newerOf(library, rollout.id, guardrail.id)}
      charts={
        series && <GuardrailCharts plan={plan} guardrail={guardrail} series={series} decisions={decisions ?? []} />
      }
    />
  )
  return (
    <Stack gap="lg">
      <Panel title="Stages" actions={<StatusBadge status={state.status} />}>
        <Text size="sm">{statusSentence(rollout, now)}</Text>
        <StageTimeline stages={progress(plan, state, now)} />
        <Text size="sm" c="dimmed">
          {counted(exposedUnits, plan.unit)} had it so far.
        </Text>
      </Panel>
      <StartApprovals project={project} rollout={rollout} />
      <Stack gap="sm" component="section" aria-label="Guardrails">
        <Title order={2}>Guardrails</Title>
        {plan.guardrails.length === 0 && (
          <Text size="sm" c="dimmed">
            None: this rollout expands by time alone.
          </Text>
        )}
        {plan.guardrails.map(card)}
      </Stack>
      {goals.length > 0 && (
        <Stack gap="sm" component="section" aria-label="Goals">
          <Title order={2}>Goals</Title>
          {goals.map(card)}
        </Stack>
      )}
      <Panel flush title="Decisions" description="The newest first. None is ever changed.">
        {decisions && <DecisionLog plan={plan} decisions={decisions} />}
      </Panel>
    </Stack>
  )
}
