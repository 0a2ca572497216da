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
  const charts = useMemo(() => {
    const moments = stageMoments(plan, decisions)
    return [
      observedChart(
        guardrail,
        { points: eventsJudged(guardrail).flatMap(event => series.events[event] ?? []), widthMs: series.widthMs },
        moments,
      ),
      knownChart(guardrail, series.looks[guardrail.id] ?? [], moments),
    ].filter(chart => chart !== undefined)
  }, [plan, guardrail, series, decisions])
  if (charts.length === 0) return null
  return (
    <SimpleGrid cols={{ base: 1, md: charts.length }} spacing="lg">
      {charts.map(chart => (
        <Chart key={chart.title} model={chart} />
      ))}
    </SimpleGrid>
  )
}
