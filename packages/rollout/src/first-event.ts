import {
  logRankRatioSlice,
  logRankTicks,
  type RatioSlice,
  ratioBounds,
  ratioEstimate,
  ratioLogE,
  type TiltGridName,
} from '@dimmer/stats'
import type { StageFacts, UnitFact } from './facts.ts'
import type { PerGroup } from './verdict.ts'

/** The first event of a kind per unit, and how to look for it. */
export interface FirstEvent {
  readonly grid: TiltGridName
  readonly at: (unit: UnitFact) => number | undefined
  readonly what: string
}

/** What the log-rank test says of one kind of first event, over all stages that had a comparison group. */
export interface FirstEventReading {
  readonly event: FirstEvent
  readonly slices: readonly RatioSlice[]
  /** Log E against "no harm" and against "at most `maxRatio` times". */
  readonly harm: number
  readonly beyond: number
  /** Ratio of the hazards, newly exposed over still unexposed; Infinity if only exposed units were hit, null if none. */
  readonly estimate: number | null
  readonly hit: PerGroup
}

const MOST_EXACT_TICKS = 1000
const FIRST_TICKS_MS = 100_000
const TICK_GROWTH = Math.log(1.01)

/** End of the tick that `at` falls into, when ticks begin with a second and grow by 1 %: some 700 for a day. */
function tickEnd(startedAt: number, at: number): number {
  const elapsed = Math.max(0, at - startedAt)
  const tick = Math.floor(Math.log1p(elapsed / FIRST_TICKS_MS) / TICK_GROWTH) + 1
  return Math.max(at, startedAt + Math.ceil(FIRST_TICKS_MS * Math.expm1(tick * TICK_GROWTH)))
}

/** Each event time is a tick of its own, which is exact; a stage with very many first events gets coarser ticks, so that a look stays cheap. */
function ticksOf(times: readonly number[], startedAt: number, until: number): number[] {
  const exact = [...new Set(times)].sort((a, b) => a - b)
  if (exact.length <= MOST_EXACT_TICKS) return exact
  return [...new Set(exact.map(at => Math.min(until, tickEnd(startedAt, at))))]
}

function stageSlices(stage: StageFacts, until: number, event: FirstEvent): RatioSlice[] {
  const times: number[] = []
  const units = stage.units.map(unit => {
    const { arm, enteredAt } = unit
    const eventAt = event.at(unit)
    if (eventAt === undefined || eventAt > until) return { arm, enteredAt }
    times.push(eventAt)
    return { arm, enteredAt, eventAt }
  })
  return logRankTicks(units, ticksOf(times, stage.startedAt, until)).map(logRankRatioSlice)
}

/**
 * Reads one kind of first event stage by stage. A stage's events count until the next stage begins: from then on its
 * units are no longer what its comparison group is compared with.
 */
export function readFirstEvent(
  stages: readonly StageFacts[],
  event: FirstEvent,
  at: { now: number; maxRatio: number },
): FirstEventReading {
  const slices = stages.flatMap((stage, index) => {
    if (stage.share >= 1) return []
    return stageSlices(stage, Math.min(at.now, stages[index + 1]?.startedAt ?? at.now), event)
  })
  const { grid } = event
  return {
    event,
    slices,
    harm: ratioLogE(slices, { grid }),
    beyond: ratioLogE(slices, { grid, r0: at.maxRatio }),
    estimate: ratioEstimate(slices),
    hit: {
      treated: slices.reduce((sum, { kT }) => sum + kT, 0),
      control: slices.reduce((sum, { kC }) => sum + kC, 0),
    },
  }
}

const ODDS_STEP = 0.02

/** Slices of nearly one allocation (within one percent) as if of one: root finding then costs the same however many events there are. */
function roundedOdds(slice: RatioSlice): RatioSlice {
  if (slice.exposureT === 0 || slice.exposureC === 0) return slice
  const odds = Math.log(slice.exposureT / slice.exposureC)
  return { ...slice, exposureT: Math.exp(Math.round(odds / ODDS_STEP) * ODDS_STEP), exposureC: 1 }
}

/** Always-valid bounds of the hazard ratio, each at level `alpha`; for people to see, within one percent. */
export function hazardBounds(reading: FirstEventReading, alpha: number): { lower: number; upper: number | undefined } {
  const { lower, upper } = ratioBounds(reading.slices.map(roundedOdds), alpha, { grid: reading.event.grid })
  return { lower, upper: upper ?? undefined }
}
