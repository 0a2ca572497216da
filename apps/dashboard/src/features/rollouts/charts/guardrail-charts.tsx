import type { DecisionView, RolloutSeries } from '@dimmer/protocol'
import { eventsJudged, type Guardrail, type RolloutPlan } from '@dimmer/rollout'
import { SimpleGrid } from '@mantine/core'
import { useMemo } from 'react'
import { Chart } from '../../../shared/chart/chart.tsx'
import { stageMoments } from '../model/chart-data.ts'
import { knownChart, observedChart } from '../model/guardrail-charts.ts'

interface Props {
  readonly plan: RolloutPlan
  readonly guardrail: Guardrail
  readonly series: RolloutSeries
  readonly decisions: readonly DecisionView[]
}

/** A guardrail over time: what was seen in each group, and what that proves. */
export function GuardrailCharts({ plan, guardrail, series, decisions }: Props) {
  const [observed, known] = useMemo(() => {
    const moments = stageMoments(plan, decisions)
    return [
      observedChart(
        guardrail,
        { points: eventsJudged(guardrail).flatMap(event => series.events[event] ?? []), widthMs: series.widthMs },
        moments,
      ),
      knownChart(guardrail, series.looks[guardrail.id] ?? [], moments),
    ] as const
  }, [plan, guardrail, series, decisions])
  return (
    <SimpleGrid cols={{ base: 1, md: known === undefined ? 1 : 2 }} spacing="lg">
      <Chart model={observed} />
      {known !== undefined && <Chart model={known} />}
    </SimpleGrid>
  )
}
