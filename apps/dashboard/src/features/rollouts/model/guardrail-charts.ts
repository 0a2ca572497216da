import type { LookPoint, SeriesPoint } from '@dimmer/protocol'
import type { Guardrail } from '@dimmer/rollout'
import type { ChartModel, Moment } from '../../../shared/chart/chart-model.ts'
import { duration } from '../../../shared/format/duration.ts'
import { rate } from '../../../shared/format/percent.ts'
import { bounds, errorRates, p95s, topOfScale } from './chart-data.ts'
import { boundWords, quantileOf, scaleOf, slowAllowed } from './verdict-bounds.ts'

const TREATED = { label: 'Has it', color: '--dimmer-treated' } as const
const CONTROL = { label: 'Comparison group', color: '--dimmer-control', dash: [6, 3] } as const

/** Whether events fail or take long: what else is measured is not seen in the events of a moment. */
const seenInEvents = (guardrail: Guardrail): boolean =>
  guardrail.kind !== 'metric' ||
  ('kind' in guardrail.metric && (guardrail.metric.kind === 'error-rate' || guardrail.metric.kind === 'latency'))

/** What was seen, per group; undefined where no moment shows it. For a latency guardrail with its limit; an error rate's limit is relative, so not here. */
export function observedChart(
  guardrail: Guardrail,
  { points, widthMs }: { readonly points: readonly SeriesPoint[]; readonly widthMs: number },
  moments: readonly Moment[],
): ChartModel | undefined {
  if (!seenInEvents(guardrail)) return undefined
  const latency = isLatency(guardrail)
  const { times, lines } = latency ? p95s(points) : errorRates(points, widthMs)
  const limit = latency ? maxMsOf(guardrail) : undefined
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

const isLatency = (guardrail: Guardrail): boolean => quantileOf(guardrail) < 1

function maxMsOf(guardrail: Guardrail): number | undefined {
  if (guardrail.kind === 'latency') return guardrail.maxMs
  return guardrail.kind === 'metric' ? guardrail.limit.value : undefined
}

/** What the numbers of the looks are. */
function knownTitle(guardrail: Guardrail, limit: number): string {
  switch (scaleOf(guardrail, limit)) {
    case 'ratio':
      return 'Ratio, with always-valid bounds'
    case 'slow-share':
      return `Slower than ${duration(maxMsOf(guardrail) ?? limit)}, with always-valid bounds`
    case 'measure':
      return 'Estimate, with always-valid bounds'
  }
}

/** What is known: the estimate and its always-valid bounds against the limit, look by look. Undefined while there is none. */
export function knownChart(
  guardrail: Guardrail,
  looks: readonly LookPoint[],
  moments: readonly Moment[],
): ChartModel | undefined {
  const judged = looks.at(-1)?.limit ?? 0
  // With several limits, looks at another one are on another scale.
  const { times, lines } = bounds(looks.filter(({ limit }) => limit === judged))
  if (lines.estimate.every(estimate => estimate === null)) return undefined
  const slow = scaleOf(guardrail, judged) === 'slow-share'
  const limit = slow ? slowAllowed({ quantile: quantileOf(guardrail) }) : judged
  return {
    title: knownTitle(guardrail, judged),
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
    format: value => boundWords(guardrail, value, judged),
  }
}
