import {
  type RatioSlice,
  type RatioTable,
  ratioBounds,
  ratioEstimate,
  restartedEvidence,
  restartedLogE,
  type TiltGridName,
  tableEstimate,
  tableSlices,
} from '@dimmer/stats'
import { FEWEST_UNITS_HIT, SUSPECT_AT } from '../look.ts'
import type { PerGroup } from '../verdict.ts'
import { addCounts, type ErrorEvidence } from './error-evidence.ts'

/** What one of the three tests says. */
export interface ErrorReading {
  readonly table: RatioTable
  readonly grid: TiltGridName
  readonly phi: number
  /** "failed": what its units did. */
  readonly what: string
  /** Log E against "no harm" and, if that looks like harm, against "at most `maxRatio` times"; else no less than it. */
  readonly harm: number
  readonly beyond: number
  /** Exposed over others; Infinity if only exposed units were hit, null if none. */
  readonly estimate: number | null
  /** Units hit, and how many exposed ones it takes to act on them. */
  readonly hit: PerGroup
  readonly fewest: number
  /** The estimate since the start that proves most: harm that began late. Null without suspicion. */
  readonly recent: number | null
  /** Failed events over all events, exposed over others, stages not pooled: what people mean by an error rate. For display. */
  readonly crude: number | null
  /** Events behind the estimate, as if they were independent. */
  readonly worth: number
}

/** The tests share the guardrail's alpha evenly. */
export const PART_WEIGHT: number = 1 / 3

/** The minutes may be one unit's: they act only with this many exposed units that failed. */
const FEWEST_WITH_MINUTES = 5

type Test = Pick<ErrorReading, 'table' | 'grid' | 'phi' | 'what' | 'hit' | 'fewest' | 'crude'>

function readTest(test: Test, maxRatio: number): ErrorReading {
  const { table, grid, phi, what, hit, fewest, crude } = test
  const { ratio, events } = tableEstimate(table)
  const { logE, since } = restartedEvidence(table, { grid, phi })
  const suspected = logE >= SUSPECT_AT
  return {
    table,
    grid,
    phi,
    what,
    hit,
    fewest,
    crude,
    harm: logE,
    // The evidence against a higher ratio is never larger: without suspicion it needs no telling.
    beyond: suspected ? restartedLogE(table, { grid, phi, r0: maxRatio }) : logE,
    recent: suspected ? tableEstimate(table, since).ratio : null,
    estimate: ratio,
    worth: events / phi,
  }
}

/** Counts of all stages that had a comparison group. */
export function comparedCounts({ before, now, share }: ErrorEvidence): ErrorEvidence['now'] {
  return share < 1 ? addCounts(before, now) : before
}

/** The ratio of failed events per event in the present stage, or in all before it that had a comparison group. */
function crudeRatio({ share, now, before }: ErrorEvidence): number | null {
  const { events, failures } = share < 1 && now.failures.treated > 0 ? now : before
  return ratioEstimate([
    { kT: failures.treated, kC: failures.control, exposureT: events.treated, exposureC: events.control },
  ])
}

/** First failures, first runs of three failures, and failed unit-minutes where their design effect is known. */
export function readErrors(evidence: ErrorEvidence, maxRatio: number): [ErrorReading, ...ErrorReading[]] {
  const { failed, ran } = comparedCounts(evidence)
  const { first, runs, minutes, phi } = evidence
  const crude = crudeRatio(evidence)
  const fewest = FEWEST_UNITS_HIT
  const firsts = readTest({ table: first, grid: 'G24', phi: 1, what: 'failed', hit: failed, fewest, crude }, maxRatio)
  const inARow = 'failed three times in a row'
  const inRuns = readTest({ table: runs, grid: 'G_SEV', phi: 1, what: inARow, hit: ran, fewest, crude }, maxRatio)
  if (phi === undefined) return [firsts, inRuns]
  const most = FEWEST_WITH_MINUTES
  const inMinutes = { table: minutes, grid: 'G_MILD', phi, what: 'failed', hit: failed, fewest: most, crude } as const
  return [firsts, inRuns, readTest(inMinutes, maxRatio)]
}

const ODDS_STEP = 0.02

/** Slices of nearly one allocation (within one percent) as if of one: root finding then costs the same however many there are. */
function roundedOdds(slice: RatioSlice): RatioSlice {
  const odds = Math.log(slice.exposureT / slice.exposureC)
  return { ...slice, exposureT: Math.exp(Math.round(odds / ODDS_STEP) * ODDS_STEP), exposureC: 1 }
}

/** Always-valid bounds of the ratio, each at level `alpha`; for people to see, within one percent. */
export function errorBounds(
  { table, grid, phi }: ErrorReading,
  alpha: number,
): { readonly lower: number; readonly upper: number | undefined } {
  const { lower, upper } = ratioBounds(tableSlices(table).map(roundedOdds), alpha, { grid, phi })
  return { lower, upper: upper ?? undefined }
}
