import { plannedRateSample, plannedRatioSample, planningFactors } from '@dimmer/stats'
import { parseDuration } from '../duration.ts'
import { PART_WEIGHTS } from '../error-rate/error-reading.ts'
import { metricOf } from '../guardrail-metric.ts'
import { alphaShare } from '../look.ts'
import { isDefined, type MetricDefinition } from '../metrics/metric.ts'
import type { Guardrail, RolloutPlan } from '../plan.ts'
import { SHARES } from '../validate-guardrail.ts'
import { count, percent, plural, times } from '../wording.ts'

/** What has lately arrived of the event that a guardrail is judged on, for the plan's unit. */
export interface RecentTraffic {
  /** How far back was looked, ms; 0: it has never arrived. */
  readonly overMs: number
  /** Distinct units with such an event in that time, those of which one failed, and all events. */
  readonly units: number
  readonly failingUnits: number
  readonly events: number
}

/** How much it takes until harm of the size of the limit is found, in half of all cases. */
export interface EvidenceNeeded {
  /** What has to be seen of exposed units: failing units, events, or units whose window is over. */
  readonly needed: number
  /** With this traffic in the first stage, ms; Infinity: that stage is too small; undefined: the traffic doesn't tell. */
  readonly afterMs: number | undefined
  readonly sentence: string
}

interface Planned {
  readonly plan: RolloutPlan
  readonly alpha: number
  /** Share of the first stage, 0 to 1. */
  readonly share: number
  readonly traffic: RecentTraffic
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** "about 3 hours": one significant part is all that a plan can know. */
function about(ms: number): string {
  const [size, name] = ms < 2 * HOUR_MS ? [60_000, 'minute'] : ms < 2 * DAY_MS ? [HOUR_MS, 'hour'] : [DAY_MS, 'day']
  const amount = Math.max(1, Math.round(ms / size))
  return `about ${count(amount)} ${name}${amount === 1 ? '' : 's'}`
}

function inFirstStage({ plan, share, traffic }: Planned, afterMs: number): string {
  const whom = `${percent(share)} of ${count(traffic.units)} ${plural(plan.unit)}`
  return afterMs === Infinity
    ? `too many for the first stage (${whom})`
    : `${about(afterMs)} in the first stage (${whom})`
}

/** First failures come in at the rate of now times the ratio, until everybody exposed has had one. */
function failingUnits(planned: Planned, ratio: number): EvidenceNeeded | undefined {
  const { plan, alpha, share, traffic } = planned
  if (share >= 1) return undefined
  const failing = traffic.units === 0 ? 0 : Math.min(0.999, traffic.failingUnits / traffic.units)
  const test = { controlRate: failing || 0.5, ratio, r0: 1, share }
  const { eventsT } = plannedRatioSample(test, { alpha: alpha * PART_WEIGHTS.first, factor: planningFactors.median })
  const needed = Math.ceil(eventsT)
  const found = `${times(ratio)} the failures shows once about ${count(needed)} exposed ${plural(plan.unit)} have failed`
  if (traffic.overMs === 0) return { needed, afterMs: undefined, sentence: `${found}.` }
  if (failing === 0) {
    return { needed, afterMs: undefined, sentence: `${found}. None has failed lately, so when that is can't be said.` }
  }
  const part = needed / (share * traffic.units)
  const perMs = (-Math.log1p(-failing) * ratio) / traffic.overMs
  const afterMs = part >= 1 ? Infinity : -Math.log1p(-part) / perMs
  return { needed, afterMs, sentence: `${found}: ${inFirstStage(planned, afterMs)}.` }
}

function slowEvents(planned: Planned, metric: { readonly quantile: number }): EvidenceNeeded {
  const { plan, alpha, share, traffic } = planned
  const allowed = 1 - metric.quantile
  const needed = Math.ceil(plannedRateSample(2 * allowed, allowed, { alpha, factor: planningFactors.median }))
  const found = `Twice as many slow ones as allowed show after about ${count(needed)} events of exposed ${plural(plan.unit)}`
  if (traffic.events === 0) return { needed, afterMs: undefined, sentence: `${found}.` }
  const afterMs = needed / ((share * traffic.events) / traffic.overMs)
  const later = `; later, if few ${plural(plan.unit)} send most of them.`
  return { needed, afterMs, sentence: `${found}: ${inFirstStage(planned, afterMs)}${later}` }
}

function matureUnits({ plan, alpha }: Planned, metric: MetricDefinition, limit: number): EvidenceNeeded {
  const harm = metric.worse === 'lower' ? limit / 2 : Math.min((1 + limit) / 2, 2 * limit)
  const needed = Math.ceil(plannedRateSample(harm, limit, { alpha, factor: planningFactors.median }))
  const window =
    'within' in metric ? `, each once its ${about(parseDuration(metric.within) ?? 0).slice(6)} are over` : ''
  const sentence = `${percent(harm)} instead of ${percent(limit)} shows after about ${count(needed)} exposed ${plural(plan.unit)}${window}.`
  return { needed, afterMs: undefined, sentence }
}

/**
 * How long it takes until a regression as large as the guardrail's limit is found, with the traffic of lately: half of all
 * times sooner, half later. Error rates against the comparison group, latencies against a limit, shares of units against a
 * limit; undefined for the rest, which depends on how much values vary.
 *
 * Source and accuracy: `plannedRatioSample` and `plannedRateSample` of @dimmer/stats, some 20 %; by the first failure of each
 * unit only, while the judge also looks at runs and minutes. For people who plan, never for decisions.
 */
export function evidenceNeeded(
  plan: RolloutPlan,
  guardrail: Guardrail,
  traffic: RecentTraffic,
): EvidenceNeeded | undefined {
  const { metric, limit } = metricOf(guardrail)
  const [first] = plan.stages
  if (!isDefined(metric) || first === undefined) return undefined
  const planned = { plan, traffic, alpha: alphaShare(plan, guardrail), share: first.percent / 100 }
  if (metric.kind === 'error-rate' && limit.ratio !== undefined) return failingUnits(planned, limit.ratio)
  if (limit.value === undefined) return undefined
  if (metric.kind === 'latency') return slowEvents(planned, metric)
  return SHARES.includes(metric.kind) ? matureUnits(planned, metric, limit.value) : undefined
}
