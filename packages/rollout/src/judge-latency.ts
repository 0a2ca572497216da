import {
  averageLogE,
  betaBinomialLogE,
  designEffect,
  logEThreshold,
  quantileLogE,
  rateBounds,
  startsLogE,
} from '@dimmer/stats'
import type { Arm, EventFacts, StageFacts } from './facts.ts'
import { FEWEST_UNITS_HIT, type Look, OK_AT, type Reading, SUSPECT_AT } from './look.ts'
import { countsOf } from './unit-totals.ts'
import type { Evidence, SlowShare } from './verdict.ts'
import { count, oneIn, percent, plural } from './wording.ts'

/** What is timed, at which quantile, and the limit in ms. */
export interface LatencyLimit {
  readonly event: string
  readonly quantile: number
  readonly maxMs: number
}

/** From this many units with events on, the comparison group tells how events cluster. */
const ENOUGH_UNITS = 30

interface UnitCount {
  readonly k: number
  readonly n: number
}

function slowCounts(stages: readonly StageFacts[], arm: Arm): UnitCount[] {
  return stages.flatMap(({ units }) =>
    units.flatMap(unit => (unit.arm === arm && unit.events > 0 ? [{ k: unit.slow, n: unit.events }] : [])),
  )
}

/** How many events of one unit are worth one independent event: from units that the change cannot have touched, if there are enough. */
export function slowClustering(stages: readonly StageFacts[]): number {
  const control = slowCounts(stages, 'control')
  return designEffect(control.length >= ENOUGH_UNITS ? control : slowCounts(stages, 'treated'))
}

interface SlowTest {
  readonly quantile: number
  readonly phi: number
}

function logEOf(counts: readonly UnitCount[], { quantile, phi }: SlowTest, direction: 'up' | 'down'): number {
  const over = counts.reduce((sum, { k }) => sum + k, 0)
  const n = counts.reduce((sum, unit) => sum + unit.n, 0)
  return quantileLogE([{ over, n }], quantile, { direction, phi })
}

/**
 * Evidence that too many are slow, in all stages together or only from one of them on: an early calm must not hide it.
 * Stages with fewer slow units than `fewest` prove nothing.
 */
function harm(stages: readonly StageFacts[], test: SlowTest, fewest: number): number {
  const starts = stages.map((_, first) => slowCounts(stages.slice(first), 'treated'))
  return startsLogE(
    starts.map(counts => {
      const logE = logEOf(counts, test, 'up')
      return counts.filter(({ k }) => k > 0).length < fewest ? Math.min(0, logE) : logE
    }),
  )
}

/** Worth of some sixty independent events: from there on the closed form clears a small base sooner than the grid. */
const SMALL_BASE = 60

function clearOf(counts: readonly UnitCount[], test: SlowTest): number {
  const sum = (amount: (count: UnitCount) => number): number =>
    counts.reduce((total, one) => total + amount(one), 0) / test.phi
  const effective = { k: sum(({ k }) => k), n: sum(({ n }) => n) }
  const closed = betaBinomialLogE(effective, allowedShare(test.quantile), { nOpt: SMALL_BASE, side: 'down' })
  return averageLogE([logEOf(counts, test, 'down'), closed])
}

/** Evidence that few enough are slow, in all stages together and in the present one: an early calm must not hide a late one. */
function clearance(stages: readonly StageFacts[], test: SlowTest): number {
  const last = stages.at(-1)
  const all = clearOf(slowCounts(stages, 'treated'), test)
  return last && stages.length > 1 ? Math.min(all, clearOf(slowCounts([last], 'treated'), test)) : all
}

function slowShare(counts: readonly UnitCount[], test: SlowTest, alpha: number): SlowShare | undefined {
  const k = counts.reduce((sum, unit) => sum + unit.k, 0)
  const n = counts.reduce((sum, unit) => sum + unit.n, 0)
  if (n === 0) return undefined
  return { allowed: allowedShare(test.quantile), estimate: k / n, ...rateBounds([{ k, n }], alpha, test.phi) }
}

/** 0.95 -> 0.05, without the rounding of `1 - 0.95`. */
function allowedShare(quantile: number): number {
  return Number((1 - quantile).toPrecision(12))
}

function quantileName(quantile: number): string {
  return `p${String(Number((quantile * 100).toPrecision(4)))}`
}

function numbersOf(limit: LatencyLimit, look: Look<EventFacts>, evidence: Evidence): string {
  const many = plural(look.plan.unit)
  const { slow, eventsHit, events, unitsHit, units } = evidence
  const ms = `${count(limit.maxMs)} ms`
  if (!slow) return `No ${limit.event} of exposed ${many} yet to compare with the limit of ${ms}.`
  const range = `${percent(slow.lower)} to ${percent(slow.upper)}`
  return (
    `${percent(slow.estimate)} of ${limit.event} of exposed ${many} took longer than ${ms} (${range}); ` +
    `${quantileName(limit.quantile)} allows ${percent(slow.allowed)}: ` +
    `${count(eventsHit.treated)} of ${count(events.treated)} events, ${count(unitsHit.treated)} of ${count(units.treated)} ${many}.`
  )
}

/**
 * Latency against an absolute limit (see `quantileLogE` of @dimmer/stats): "the quantile is above the limit" is "more than 1 - quantile of the events
 * are slower than it". Events of one unit cluster, so evidence is divided by a design effect.
 *
 * - breached: proven at this guardrail's alpha, by at least two slow units, in stages in which the comparison group is not itself proven slow;
 *   over all of them, or from a later one on.
 * - ok: proven at 0.05 that fewer events are slow than allowed, in all stages together and in the present one. Needs no comparison group, so it works at 100 % too.
 */
export function readLatency(limit: LatencyLimit, look: Look<EventFacts>): Reading {
  const { stages } = look.facts
  const test: SlowTest = { quantile: limit.quantile, phi: slowClustering(stages) }
  const breachAt = logEThreshold(look.alpha)
  const treated = slowCounts(stages, 'treated')
  const ownFault = stages.filter(stage => logEOf(slowCounts([stage], 'control'), test, 'up') < breachAt)
  const slow = slowShare(treated, test, look.alpha)
  const evidence: Evidence = {
    limit: limit.maxMs,
    estimate: undefined,
    lower: undefined,
    upper: undefined,
    logE: harm(stages, test, 0),
    breachAt,
    logEOk: clearance(stages, test),
    okAt: OK_AT,
    ...countsOf(stages, unit => unit.slow),
    ...(slow && { slow }),
  }
  const numbers = numbersOf(limit, look, evidence)
  const as = (kind: Reading['kind'], why: string): Reading => ({ kind, sentence: `${numbers} ${why}`, evidence })

  const ownLogE = harm(ownFault, test, FEWEST_UNITS_HIT)
  if (ownLogE >= breachAt) {
    return as('breached', `Chance of a false alarm below ${oneIn(ownLogE)}.`)
  }
  if (evidence.logE >= breachAt && ownFault.length < stages.length) {
    return as('inconclusive', 'Both groups are slow: an environment problem, not proven to be this change.')
  }
  if (evidence.logE >= SUSPECT_AT) return as('inconclusive', 'This looks too slow but is not proven.')
  if (evidence.logEOk >= OK_AT)
    return as('ok', `Fewer than ${percent(allowedShare(limit.quantile))} are slow (95 % sure).`)
  return as('inconclusive', 'Too few events so far to tell.')
}
