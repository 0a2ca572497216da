import {
  failuresRatio,
  minutesRatio,
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
  /** What turns a ratio of what it counts into one of failures: see `failuresRatio` of @dimmer/stats. 0: nothing to turn. */
  readonly recurrence: number
  /** Its part of the guardrail's alpha. */
  readonly weight: number
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
  /** Events behind the estimate, as if they were independent. */
  readonly worth: number
}

/** What all three say together. */
export interface ErrorReadings {
  /** First failures, first runs of three, and failed unit-minutes once their design effect is known. */
  readonly tests: readonly [ErrorReading, ...ErrorReading[]]
  /** Failed events over all events, exposed over others, stages not pooled: what people mean by an error rate. */
  readonly crude: number | null
  /** The largest estimate of how many times the failures there are, of those that look like harm: each has its own way to come out too small. */
  readonly size: number
}

/** How the tests share the guardrail's alpha: most is on the one that finds harm spread over many units. */
export const PART_WEIGHTS = { first: 0.25, runs: 0.25, minutes: 0.5 } as const

/** The minutes may be one unit's: they act only with this many exposed units that failed. */
const FEWEST_WITH_MINUTES = 5

type Test = Pick<ErrorReading, 'table' | 'grid' | 'phi' | 'recurrence' | 'weight' | 'what' | 'hit' | 'fewest'>

/** Field by field: copying objects of several shapes took half of the time of a look. */
function readTest({ table, grid, phi, recurrence, weight, what, hit, fewest }: Test, maxRatio: number): ErrorReading {
  const { ratio, events } = tableEstimate(table)
  const { logE: harm, since } = restartedEvidence(table, { grid, phi })
  const estimate = ofFailures(ratio, recurrence)
  const worth = events / phi
  // The evidence against a higher ratio is never larger: without suspicion it needs no telling.
  const suspected = harm >= SUSPECT_AT
  const beyond = suspected ? restartedLogE(table, { grid, phi, r0: minutesRatio(maxRatio, recurrence) }) : harm
  const recent = suspected ? ofFailures(tableEstimate(table, since).ratio, recurrence) : null
  return { table, grid, phi, recurrence, weight, what, hit, fewest, harm, beyond, estimate, recent, worth }
}

const ofFailures = (ratio: number | null, recurrence: number): number | null =>
  ratio === null ? null : failuresRatio(ratio, recurrence)

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

function testsOf(evidence: ErrorEvidence, maxRatio: number): [ErrorReading, ...ErrorReading[]] {
  const { failed: hit, ran } = comparedCounts(evidence)
  const { first, runs, minutes, phi, recurrence = 0 } = evidence
  const [fewest, what, inARow] = [FEWEST_UNITS_HIT, 'failed', 'failed three times in a row']
  const exact = { phi: 1, recurrence: 0, fewest }
  const firsts: Test = { table: first, grid: 'G24', weight: PART_WEIGHTS.first, what, hit, ...exact }
  const inRuns: Test = { table: runs, grid: 'G_SEV', weight: PART_WEIGHTS.runs, what: inARow, hit: ran, ...exact }
  const always: [ErrorReading, ErrorReading] = [readTest(firsts, maxRatio), readTest(inRuns, maxRatio)]
  if (phi === undefined) return always
  const grid = 'G_MILD'
  const weight = PART_WEIGHTS.minutes
  const inMinutes: Test = { table: minutes, grid, phi, recurrence, weight, what, hit, fewest: FEWEST_WITH_MINUTES }
  return [...always, readTest(inMinutes, maxRatio)]
}

/** What is known, as each of the tests reads it. */
export function readErrors(evidence: ErrorEvidence, maxRatio: number): ErrorReadings {
  const tests = testsOf(evidence, maxRatio)
  const crude = crudeRatio(evidence)
  const suspected = tests.filter(({ harm, hit, fewest }) => harm >= SUSPECT_AT && hit.treated >= fewest)
  const all = suspected.flatMap(({ estimate, recent }) => [estimate ?? 0, recent ?? 0])
  return { tests, crude, size: Math.max(crude ?? 0, ...all) }
}

const ODDS_STEP = 0.02

/** Slices of nearly one allocation (within one percent) as if of one: root finding then costs the same however many there are. */
function roundedOdds(slice: RatioSlice): RatioSlice {
  const odds = Math.log(slice.exposureT / slice.exposureC)
  return { ...slice, exposureT: Math.exp(Math.round(odds / ODDS_STEP) * ODDS_STEP), exposureC: 1 }
}

/** Always-valid bounds of the ratio, each at level `alpha`; for people to see, within one percent. */
export function errorBounds(
  { table, grid, phi, recurrence }: ErrorReading,
  alpha: number,
): { readonly lower: number; readonly upper: number | undefined } {
  const { lower, upper } = ratioBounds(tableSlices(table).map(roundedOdds), alpha, { grid, phi })
  const ofFailures = (minutes: number): number => failuresRatio(minutes, recurrence)
  return { lower: ofFailures(lower), upper: upper === null ? undefined : ofFailures(upper) }
}
