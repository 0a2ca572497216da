import { logEThreshold, rateLogE, ratioLogE } from '@dimmer/stats'
import { comparisonSentence, type ErrorRateLimit, type ErrorRateNumbers, suspicion } from './error-rate-words.ts'
import type { EventFacts } from './facts.ts'
import { type FirstEvent, type FirstEventReading, hazardBounds, readFirstEvent } from './first-event.ts'
import { currentStage, FEWEST_UNITS_HIT, hasComparison, type Look, OK_AT, type Reading, SUSPECT_AT } from './look.ts'
import type { RolloutPlan } from './plan.ts'
import { countsOf, totals } from './unit-totals.ts'
import type { Evidence } from './verdict.ts'
import { oneIn, plural, times } from './wording.ts'

const FIRST_ERROR: FirstEvent = { grid: 'G24', at: unit => unit.firstFailureAt, what: 'failed' }
const FAILURE_RUN: FirstEvent = { grid: 'G_SEV', at: unit => unit.failureRunAt, what: 'failed three times in a row' }

/** Each of the two kinds of first event may spend half of the guardrail's alpha. */
const EVENT_WEIGHT = 0.5

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

function isBreach(reading: FirstEventReading, maxRatio: number, breachAt: number): boolean {
  if (reading.hit.treated < FEWEST_UNITS_HIT) return false
  const provenHarm = reading.harm >= breachAt && (reading.estimate ?? 0) >= maxRatio
  return provenHarm || reading.beyond >= breachAt
}

function isSuspect(reading: FirstEventReading, maxRatio: number): boolean {
  const { hit, estimate } = reading
  const beyondLimit = (estimate ?? 0) >= maxRatio && hit.treated + hit.control >= SUSPECT_EVENTS
  return reading.harm >= SUSPECT_AT || beyondLimit
}

interface Clearance {
  /** The ratio that must be excluded in this stage. */
  readonly ratio: number
  readonly relative: number
  readonly rare: number
}

/** Evidence that the exposed units fail less than `ratio` times as often, or that next to none of them fails at all. */
function clearance(look: Look<EventFacts>, firstErrors: FirstEventReading, maxRatio: number): Clearance {
  const { stages } = look.facts
  const ratio = ratioToExclude(look.plan, currentStage(look.facts)?.stage ?? 0, maxRatio)
  const active = totals(stages, unit => (unit.events > 0 ? 1 : 0)).treated
  const failing = totals(stages, unit => (unit.events > 0 && unit.firstFailureAt !== undefined ? 1 : 0)).treated
  return {
    ratio,
    relative: ratioLogE(firstErrors.slices, { r0: ratio, direction: 'down' }),
    rare: rateLogE([{ k: failing, n: active }], RARE_SHARE, { direction: 'down' }),
  }
}

function leading(
  readings: readonly [FirstEventReading, FirstEventReading],
  maxRatio: number,
  breachAt: number,
): FirstEventReading {
  return (
    readings.find(reading => isBreach(reading, maxRatio, breachAt)) ??
    readings.find(reading => isSuspect(reading, maxRatio)) ??
    readings[0]
  )
}

function finite(x: number | null): number | undefined {
  return x !== null && Number.isFinite(x) ? x : undefined
}

interface Findings {
  readonly maxRatio: number
  readonly numbers: ErrorRateNumbers
  readonly clear: Clearance
  /** The stage that runs now still has a comparison group. */
  readonly comparing: boolean
}

function outcome({ maxRatio, numbers, clear, comparing }: Findings): { kind: Reading['kind']; why: string } {
  const { lead, evidence, unit, compared } = numbers
  if (isBreach(lead, maxRatio, evidence.breachAt)) {
    return { kind: 'breached', why: `Chance of a false alarm below ${oneIn(lead.harm + Math.log(EVENT_WEIGHT))}.` }
  }
  if (!comparing) {
    return compared === 0
      ? { kind: 'inconclusive', why: 'There was never anybody to compare with.' }
      : { kind: 'ok', why: 'Everybody has it now: nobody is left to compare with, this is from the stages before.' }
  }
  if (isSuspect(lead, maxRatio)) return { kind: 'inconclusive', why: suspicion(numbers) }
  if (clear.relative >= OK_AT) return { kind: 'ok', why: `It is less than ${times(clear.ratio)} (95 % sure).` }
  if (clear.rare >= OK_AT) return { kind: 'ok', why: `Fewer than 1 in 100 exposed ${plural(unit)} fail (95 % sure).` }
  return { kind: 'inconclusive', why: `Too little so far to be sure that it is less than ${times(clear.ratio)}.` }
}

/**
 * Error rate against the concurrent comparison group (ter Schure et al. 2024; see `logRankLogE` of @dimmer/stats): any-time-valid log-rank on each unit's
 * first error and on its first run of three failures, stage by stage.
 *
 * - breached: harm is proven at this guardrail's alpha and the estimate is at or beyond the limit, or "more than the limit"
 *   is itself proven; never from a single exposed unit.
 * - ok: no suspicion of harm, and at 0.05 it is excluded that the ratio is as large as `ratioToExclude`, or that as many as
 *   1 in 100 exposed units fail (a service that next to never fails could else never be cleared).
 * - In a stage of 100 % nobody is left to compare with: then ok means "not breached by the stages before".
 */
export function readErrorRate(limit: ErrorRateLimit, look: Look<EventFacts>): Reading {
  const { maxRatio } = limit
  const { stages } = look.facts
  const compared = stages.filter(hasComparison)
  const breachAt = logEThreshold(look.alpha, EVENT_WEIGHT)
  const read = (event: FirstEvent): FirstEventReading => readFirstEvent(stages, event, { now: look.at, maxRatio })
  const firstErrors = read(FIRST_ERROR)
  const lead = leading([firstErrors, read(FAILURE_RUN)], maxRatio, breachAt)
  const clear = clearance(look, firstErrors, maxRatio)
  const evidence: Evidence = {
    limit: maxRatio,
    estimate: finite(lead.estimate),
    ...hazardBounds(lead, look.alpha * EVENT_WEIGHT),
    logE: lead.harm,
    breachAt,
    logEOk: Math.max(clear.relative, clear.rare),
    okAt: OK_AT,
    ...countsOf(compared, unit => unit.failures),
    unitsHit: lead.hit,
  }
  const numbers: ErrorRateNumbers = { unit: look.plan.unit, lead, evidence, compared: compared.length }
  const stage = currentStage(look.facts)
  const { kind, why } = outcome({ maxRatio, numbers, clear, comparing: !stage || hasComparison(stage) })
  return { kind, sentence: `${comparisonSentence(limit, numbers)} ${why}`, evidence }
}
