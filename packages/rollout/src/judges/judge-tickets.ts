import {
  countLogE,
  logEThreshold,
  ratioBounds,
  ratioEstimate,
  restartedLogE,
  tableLogE,
  tableSlices,
} from '@dimmer/stats'
import { parseDuration } from '../duration.ts'
import { evidenceOfFacts } from '../error-rate/evidence-of-facts.ts'
import type { Arm, CountFact, CountFacts, StageFacts } from '../facts.ts'
import type { Look, Reading } from '../look.ts'
import type { TicketsMetric } from '../metrics/metric.ts'
import { count, plural } from '../wording.ts'
import { finite, harmful, harmless } from './judge-share.ts'
import { emptyEvidence, settle } from './settle.ts'

interface Exposed {
  readonly k: number
  readonly periods: number
}

/** Tickets and time of each unit of a group; time in periods of the metric. The comparison group's ends with the stage. */
function exposures({ facts, at }: Look<CountFacts>, arm: Arm, periodMs: number): Exposed[] {
  return facts.stages.flatMap(({ units }, index) => {
    const until = arm === 'treated' ? at : Math.min(at, facts.stages[index + 1]?.startedAt ?? at)
    const own = units.filter(unit => unit.arm === arm && unit.enteredAt < until)
    return own.map(unit => ({ k: unit.count, periods: (until - unit.enteredAt) / periodMs }))
  })
}

const sum = <T>(list: readonly T[], amount: (one: T) => number): number =>
  list.reduce((total, one) => total + amount(one), 0)

/** How much more the units' counts vary than Poisson counts would: one unit that files ten tickets is not ten units. */
function dispersion(units: readonly Exposed[]): number {
  const rate = sum(units, ({ k }) => k) / sum(units, ({ periods }) => periods)
  if (!(rate > 0)) return 1
  const squares = sum(units, ({ k, periods }) => (k - rate * periods) ** 2)
  return Math.max(1, squares / sum(units, ({ periods }) => rate * periods))
}

const hit = (units: readonly Exposed[]): number => sum(units, ({ k }) => (k > 0 ? 1 : 0))

/**
 * Tickets per unit and period against a limit.
 *
 * Source: `countLogE` (Robbins 1970; Howard et al. 2021). Null: the rate is at most the limit. Exact for Poisson counts;
 * divided by the dispersion over units, then asymptotic. A comparison group that breaks the limit too is no breach.
 */
export function readTickets(metric: TicketsMetric, limit: number, look: Look<CountFacts>): Reading {
  const period = parseDuration(metric.per) ?? 1
  const [treated, control] = [exposures(look, 'treated', period), exposures(look, 'control', period)]
  const breachAt = logEThreshold(look.alpha)
  const phi = Math.max(dispersion(treated), dispersion(control))
  const logE = (units: readonly Exposed[], direction: 'up' | 'down'): number =>
    countLogE([{ k: sum(units, ({ k }) => k), expected: limit * sum(units, ({ periods }) => periods) }], {
      direction,
      phi,
    })
  const time = sum(treated, ({ periods }) => periods)
  const k = { treated: sum(treated, one => one.k), control: sum(control, one => one.k) }
  const evidence = {
    ...emptyEvidence(limit, breachAt),
    estimate: time > 0 ? k.treated / time : undefined,
    logE: logE(treated, harmful(metric)),
    logEOk: logE(treated, harmless(metric)),
    units: { treated: treated.length, control: control.length },
    unitsHit: { treated: hit(treated), control: hit(control) },
    events: k,
    eventsHit: k,
  }
  const common = logE(control, harmful(metric)) >= breachAt
  return settle({ metric, bound: { by: 'value', limit }, evidence, behind: evidence.unitsHit.treated, common }, look)
}

const asUnit = ({ arm, enteredAt, count: events, firstAt }: CountFact): StageFacts['units'][number] => ({
  arm,
  enteredAt,
  events: 1,
  failures: events,
  slow: 0,
  ...(firstAt !== undefined && { firstFailureAt: firstAt }),
})

/**
 * Tickets against the comparison group, by each unit's first one.
 *
 * Source: any-time-valid log-rank (ter Schure et al. 2024), stage by stage. Null: exposure changes nobody's first ticket.
 * Exact by the randomisation, however many tickets one unit files.
 */
export function readTicketRatio(metric: TicketsMetric, limit: number, look: Look<CountFacts>): Reading {
  const stages = look.facts.stages.map((stage): StageFacts => ({ ...stage, units: stage.units.map(asUnit) }))
  const known = evidenceOfFacts(stages, look.at)
  const slices = known ? tableSlices(known.first) : []
  const { lower, upper } = ratioBounds(slices, look.alpha)
  const units = (arm: Arm): number => sum(stages, stage => stage.units.filter(unit => unit.arm === arm).length)
  const unitsHit = { treated: sum(slices, ({ kT }) => kT), control: sum(slices, ({ kC }) => kC) }
  const evidence = {
    ...emptyEvidence(limit, logEThreshold(look.alpha)),
    estimate: finite(ratioEstimate(slices)),
    lower,
    upper: upper ?? undefined,
    logE: known ? restartedLogE(known.first) : 0,
    logEOk: known ? tableLogE(known.first, { r0: limit, direction: 'down' }) : 0,
    units: { treated: units('treated'), control: units('control') },
    unitsHit,
  }
  return settle({ metric, bound: { by: 'ratio', limit }, evidence, behind: unitsHit.treated }, look)
}

/** A budget of tickets for all exposed units: counting, no statistics. Reached is breached; below it is ok. */
export function readTicketTotal(metric: TicketsMetric, total: number, look: Look<CountFacts>): Reading {
  const treated = look.facts.stages.flatMap(({ units }) => units.filter(({ arm }) => arm === 'treated'))
  const k = sum(treated, unit => unit.count)
  const reached = k >= total
  const units = { treated: treated.length, control: 0 }
  const evidence = {
    ...emptyEvidence(total, logEThreshold(look.alpha)),
    estimate: k,
    units,
    unitsHit: { treated: sum(treated, unit => (unit.count > 0 ? 1 : 0)), control: 0 },
    events: { treated: k, control: 0 },
    eventsHit: { treated: k, control: 0 },
  }
  const of = `${count(k)} of at most ${count(total - 1)} ${metric.name.toLowerCase()} from ${count(units.treated)} exposed ${plural(look.plan.unit)}.`
  return {
    kind: reached ? 'breached' : 'ok',
    sentence: `${of} ${reached ? 'The budget is used up.' : 'Within the budget.'}`,
    evidence,
  }
}
