import { logEThreshold, rateLogE, tableLogE } from '@dimmer/stats'
import type { EventFacts } from '../facts.ts'
import { currentStage, hasComparison, type Look, OK_AT, type Reading, SUSPECT_AT } from '../look.ts'
import type { RolloutPlan } from '../plan.ts'
import type { Evidence } from '../verdict.ts'
import { oneIn, plural, times } from '../wording.ts'
import { beginEvidence, type ErrorEvidence } from './error-evidence.ts'
import { comparisonSentence, type ErrorRateLimit, type ErrorRateNumbers, suspicion } from './error-rate-words.ts'
import { comparedCounts, type ErrorReading, type ErrorReadings, errorBounds, readErrors } from './error-reading.ts'
import { evidenceOfFacts } from './evidence-of-facts.ts'

/** Fewer failing units than this are too few to stop anybody, whatever the others do. */
const RARE_SHARE = 0.01

/** With this many first events the point estimate alone is enough for suspicion. */
const SUSPECT_EVENTS = 5

/**
 * The ratio that must be excluded before the next stage: 10x up to 25 %, 3x up to 50 %, 2x beyond (and to complete).
 * Small stages can't exclude small ratios in a bearable time, and hurt few people; never below the guardrail's own limit.
 */
function ratioToExclude(plan: RolloutPlan, stage: number, maxRatio: number): number {
  const next = plan.stages[stage + 1]?.percent ?? 100
  const ofStage = next <= 25 ? 10 : next <= 50 ? 3 : 2
  return Math.max(maxRatio, ofStage)
}

/** What a breach is measured by. */
interface Bar {
  readonly maxRatio: number
  readonly alpha: number
  /** The largest estimate of any test. */
  readonly size: number
}

function isBreach({ harm, beyond, weight, hit, fewest }: ErrorReading, { maxRatio, alpha, size }: Bar): boolean {
  const breachAt = logEThreshold(alpha, weight)
  if (hit.treated < fewest) return false
  return (harm >= breachAt && size >= maxRatio) || beyond >= breachAt
}

function isSuspect(reading: ErrorReading, maxRatio: number): boolean {
  const { worth, estimate } = reading
  const beyondLimit = (estimate ?? 0) >= maxRatio && worth >= SUSPECT_EVENTS
  return reading.harm >= SUSPECT_AT || beyondLimit
}

interface Clearance {
  /** The ratio that must be excluded in this stage. */
  readonly ratio: number
  readonly relative: number
  readonly rare: number
}

/** Evidence that the exposed units fail less than `ratio` times as often, or that next to none of them fails at all. */
function clearance(plan: RolloutPlan, evidence: ErrorEvidence, maxRatio: number): Clearance {
  const ratio = ratioToExclude(plan, evidence.stage, maxRatio)
  const { active, failed } = comparedCounts(evidence)
  const failing = Math.min(failed.treated, active.treated)
  return {
    ratio,
    relative: tableLogE(evidence.first, { r0: ratio, direction: 'down' }),
    rare: rateLogE([{ k: failing, n: active.treated }], RARE_SHARE, { direction: 'down' }),
  }
}

/** The test that the verdict speaks of: one that is breached, else the most suspicious, else that of first failures. */
function leading(tests: ErrorReadings['tests'], bar: Bar): ErrorReading {
  const suspects = tests.filter(test => isSuspect(test, bar.maxRatio)).sort((a, b) => b.harm - a.harm)
  return tests.find(test => isBreach(test, bar)) ?? suspects[0] ?? tests[0]
}

function finite(x: number | null): number | undefined {
  return x !== null && Number.isFinite(x) ? x : undefined
}

interface Findings {
  readonly bar: Bar
  readonly numbers: ErrorRateNumbers
  readonly clear: Clearance
  /** The stage that runs now still has a comparison group. */
  readonly comparing: boolean
}

function outcome({ bar, numbers, clear, comparing }: Findings): { kind: Reading['kind']; why: string } {
  const { lead, unit, compared } = numbers
  if (isBreach(lead, bar)) {
    return { kind: 'breached', why: `Chance of a false alarm below ${oneIn(lead.harm + Math.log(lead.weight))}.` }
  }
  if (!comparing) {
    return compared === 0
      ? { kind: 'inconclusive', why: 'There was never anybody to compare with.' }
      : { kind: 'ok', why: 'Everybody has it now: nobody is left to compare with, this is from the stages before.' }
  }
  if (isSuspect(lead, bar.maxRatio)) return { kind: 'inconclusive', why: suspicion(numbers) }
  if (clear.relative >= OK_AT) return { kind: 'ok', why: `It is less than ${times(clear.ratio)} (95 % sure).` }
  if (clear.rare >= OK_AT) return { kind: 'ok', why: `Fewer than 1 in 100 exposed ${plural(unit)} fail (95 % sure).` }
  return { kind: 'inconclusive', why: `Too little so far to be sure that it is less than ${times(clear.ratio)}.` }
}

/** The evidence that was folded look by look, or else all of it out of the facts per unit. */
function evidenceFor({ facts, at }: Look<EventFacts>): ErrorEvidence {
  return (
    facts.evidence ??
    evidenceOfFacts(facts.stages, at, facts.historyRate) ??
    beginEvidence({ stage: 0, share: 0, startedAt: at })
  )
}

/**
 * Error rate against the concurrent comparison group, by three tests that share the guardrail's alpha: any-time-valid
 * log-rank on each unit's first error (A, a quarter) and on its first run of three failures (B, a quarter), stage by stage
 * (ter Schure et al. 2024; exact by the randomisation); and failed unit-minutes (C, half), weighed by each unit's own history, with a
 * design effect from the units that were never exposed (Rao & Scott 1992; asymptotic). Null: exposure changes no unit's
 * failures. All three with fresh starts, so that late harm is found soon.
 *
 * - breached: harm is proven by one of them and an estimate is at or beyond the limit, or "more than the limit" is itself
 *   proven; never from a single exposed unit, and by minutes only with five exposed units that failed.
 * - ok: no suspicion of harm, and at 0.05 it is excluded that the ratio is as large as `ratioToExclude`, or that as many as
 *   1 in 100 exposed units fails (a service that next to never fails could else never be cleared).
 * - In a stage of 100 % nobody is left to compare with: then ok means "not breached by the stages before".
 */
export function readErrorRate(limit: ErrorRateLimit, look: Look<EventFacts>): Reading {
  const { maxRatio } = limit
  const known = evidenceFor(look)
  const { alpha } = look
  const { tests, crude, size } = readErrors(known, maxRatio)
  const bar: Bar = { maxRatio, alpha, size }
  const lead = leading(tests, bar)
  const clear = clearance(look.plan, known, maxRatio)
  const { entered, events, failures } = comparedCounts(known)
  const bounds = look.bounds ? errorBounds(lead, alpha * lead.weight) : { lower: undefined, upper: undefined }
  const evidence: Evidence = {
    limit: maxRatio,
    estimate: finite(lead.estimate),
    ...bounds,
    logE: lead.harm,
    breachAt: logEThreshold(alpha, lead.weight),
    logEOk: Math.max(clear.relative, clear.rare),
    okAt: OK_AT,
    units: entered,
    unitsHit: lead.hit,
    events,
    eventsHit: failures,
  }
  const numbers: ErrorRateNumbers = { unit: look.plan.unit, lead, crude, size, evidence, compared: known.compared }
  const stage = currentStage(look.facts)
  const { kind, why } = outcome({ bar, numbers, clear, comparing: !stage || hasComparison(stage) })
  return { kind, sentence: `${comparisonSentence(limit, numbers)} ${why}`, evidence }
}
