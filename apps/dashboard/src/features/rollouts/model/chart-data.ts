import type { DecisionView, GroupPoint, LookPoint, SeriesPoint } from '@dimmer/protocol'
import type { RolloutPlan } from '@dimmer/rollout'
import type { Line, Moment } from '../../../shared/chart/chart-model.ts'
import { percent } from '../../../shared/format/percent.ts'

/** Times in epoch seconds, as uPlot takes them, and lines of the same length. */
export interface ChartData<Name extends string> {
  readonly times: readonly number[]
  readonly lines: Readonly<Record<Name, Line>>
}

const seconds = (at: number): number => at / 1000

function perGroup(
  points: readonly SeriesPoint[],
  of: (group: GroupPoint) => number | null,
): ChartData<'treated' | 'control'> {
  return {
    times: points.map(point => seconds(point.at)),
    lines: { treated: points.map(point => of(point.treated)), control: points.map(point => of(point.control)) },
  }
}

const MOST_RATES = 60

function addUp(groups: readonly GroupPoint[]): GroupPoint {
  const sum = (of: (group: GroupPoint) => number) => groups.reduce((total, group) => total + of(group), 0)
  return { events: sum(group => group.events), failures: sum(group => group.failures), p95Ms: null }
}

/**
 * Slots added up to at most `MOST_RATES` wider ones: a rate of three events says nothing. A slot in which nothing
 * happened may be missing; then it is there, with nothing in it.
 */
function widen(points: readonly SeriesPoint[], widthMs: number): readonly SeriesPoint[] {
  const [first] = points
  const last = points.at(-1)
  if (first === undefined || last === undefined) return []
  const slots = Math.round((last.at - first.at) / widthMs) + 1
  const wideMs = widthMs * Math.ceil(slots / MOST_RATES)
  return Array.from({ length: Math.ceil((slots * widthMs) / wideMs) }, (_, index) => {
    const at = first.at + index * wideMs
    const within = points.filter(point => point.at >= at && point.at < at + wideMs)
    return {
      at,
      treated: addUp(within.map(one => one.treated)),
      control: addUp(within.map(one => one.control)),
    }
  })
}

/** Failed events of all events, 0 to 1, per group and time slot; null where nothing happened. */
export const errorRates = (points: readonly SeriesPoint[], widthMs: number): ChartData<'treated' | 'control'> =>
  perGroup(widen(points, widthMs), group => (group.events === 0 ? null : group.failures / group.events))

/** 95th percentile of the durations per group and time slot, ms. */
export const p95s = (points: readonly SeriesPoint[]): ChartData<'treated' | 'control'> =>
  perGroup(points, group => group.p95Ms)

/** The estimate with its always-valid bounds, look by look. */
export const bounds = (looks: readonly LookPoint[]): ChartData<'estimate' | 'lower' | 'upper'> => ({
  times: looks.map(look => seconds(look.at)),
  lines: {
    estimate: looks.map(look => look.estimate),
    lower: looks.map(look => look.lower),
    upper: looks.map(look => look.upper),
  },
})

/**
 * The top of the scale: over the limit and over the line that matters, but not so high that an early, wide bound
 * flattens everything else.
 */
export function topOfScale(
  limit: number | undefined,
  lines: { readonly main: readonly Line[]; readonly wide?: Line },
): number {
  const largest = (line: Line) => line.reduce<number>((most, value) => Math.max(most, value ?? 0), 0)
  const needed = Math.max(limit === undefined ? 0 : 1.25 * limit, ...lines.main.map(line => 1.1 * largest(line)))
  if (lines.wide === undefined) return needed
  return Math.min(Math.max(needed, 1.1 * largest(lines.wide)), Math.max(needed, 3 * (limit ?? 0)))
}

/** When each stage began, and when the rollout was rolled back. */
export function stageMoments(plan: RolloutPlan, decisions: readonly DecisionView[]): readonly Moment[] {
  return decisions.flatMap(decision => {
    const at = seconds(Date.parse(decision.at))
    if (decision.kind === 'roll-back') return [{ at, label: 'rolled back' }]
    const stage = decision.toStage === undefined ? undefined : plan.stages[decision.toStage]
    return stage === undefined ? [] : [{ at, label: percent(stage.percent) }]
  })
}
