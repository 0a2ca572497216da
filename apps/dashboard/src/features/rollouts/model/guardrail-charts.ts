import type { LookPoint, SeriesPoint } from '@dimmer/protocol'
import type { Guardrail } from '@dimmer/rollout'
import type { ChartModel, Moment } from '../../../shared/chart/chart-model.ts'
import { duration } from '../../../shared/format/duration.ts'
import { rate } from '../../../shared/format/percent.ts'
import { bounds, errorRates, p95s, topOfScale } from './chart-data.ts'
import { boundWords, slowAllowed } from './verdict-bounds.ts'

const TREATED = { label: 'Has it', color: '--dimmer-treated' } as const
const CONTROL = { label: 'Comparison group', color: '--dimmer-control', dash: [6, 3] } as const

/** What was seen, per group. For a latency guardrail with its limit; an error rate's limit is relative, so not here. */
export function observedChart(
  guardrail: Guardrail,
  { points, widthMs }: { readonly points: readonly SeriesPoint[]; readonly widthMs: number },
  moments: readonly Moment[],
): ChartModel {
  const latency = guardrail.kind === 'latency'
  const { times, lines } = latency ? p95s(points) : errorRates(points, widthMs)
  const limit = latency ? guardrail.maxMs : undefined
  return {
    title: latency ? 'p95 per group' : 'Error rate per group',
    times,
    lines: [
      { ...TREATED, values: lines.treated },
      { ...CONTROL, values: lines.control },
    ],
    ...(limit === undefined ? {} : { limit }),
    moments,
    top: topOfScale(limit, { main: [lines.treated, lines.control] }),
    format: latency ? duration : rate,
  }
}

/** The limit on the scale of `verdictBounds`. */
function limitOf(guardrail: Guardrail): number {
  switch (guardrail.kind) {
    case 'error-rate':
      return guardrail.maxRatio
    case 'latency':
      return slowAllowed(guardrail)
    case 'metric':
      return guardrail.limit.value ?? guardrail.limit.ratio ?? guardrail.limit.total ?? 0
  }
}

/** What is known: the estimate and its always-valid bounds against the limit, look by look. Undefined while there is none. */
export function knownChart(
  guardrail: Guardrail,
  looks: readonly LookPoint[],
  moments: readonly Moment[],
): ChartModel | undefined {
  const { times, lines } = bounds(looks)
  if (lines.estimate.every(estimate => estimate === null)) return undefined
  const latency = guardrail.kind === 'latency'
  const limit = limitOf(guardrail)
  return {
    title: latency
      ? `Slower than ${duration(guardrail.maxMs)}, with always-valid bounds`
      : 'Ratio, with always-valid bounds',
    times,
    lines: [
      { label: 'Estimate', color: '--dimmer-treated', values: lines.estimate },
      { label: 'Upper bound', color: '--dimmer-treated', values: lines.upper, edge: true, dash: [2, 2] },
      { label: 'Lower bound', color: '--dimmer-treated', values: lines.lower, edge: true, dash: [2, 2] },
    ],
    band: ['Upper bound', 'Lower bound'],
    limit,
    moments,
    top: topOfScale(limit, { main: [lines.estimate], wide: lines.upper }),
    format: value => boundWords(guardrail, value),
  }
}
