import {
  apply,
  type Decision,
  decide,
  type GuardrailFacts,
  judgeAll,
  personDecision,
  type RolloutPlan,
  type RolloutState,
  type StageFacts,
  type UnitFact,
} from '@dimmer/rollout'
import { HOUR, T0 } from './plans.ts'

/** A population under a rollout: who it hits, how often, and what the new variant does to some. All from one seed. */
export interface World {
  readonly random: () => number
  readonly units: number
  /** Mean time to a unit's first failure, in hours, without harm; units differ. */
  readonly hoursToFailure: number
  /** Share of the units that always fail when exposed. */
  readonly broken: number
}

interface Unit {
  readonly bucket: number
  readonly failuresPerHour: number
  readonly broken: boolean
}

const EVENTS_PER_HOUR = 20

function populate({ random, units, hoursToFailure, broken }: World): Unit[] {
  return Array.from({ length: units }, () => ({
    bucket: random() * 100,
    failuresPerHour: -Math.log(1 - random()) / hoursToFailure,
    broken: random() < broken,
  }))
}

/** What one unit does in one stage. Harmless failures come singly; one in fifty begins a run. */
function live(unit: Unit, treated: boolean, stage: { startedAt: number; random: () => number }): UnitFact {
  const { startedAt, random } = stage
  const wait = (perHour: number): number => (-Math.log(1 - random()) / perHour) * HOUR
  const enteredAt = startedAt + wait(EVENTS_PER_HOUR)
  const breaks = treated && unit.broken
  const firstFailureAt = enteredAt + (breaks ? 0 : wait(unit.failuresPerHour))
  const runs = breaks || random() < 1 / 50
  return {
    arm: treated ? 'treated' : 'control',
    enteredAt,
    firstFailureAt,
    ...(runs && { failureRunAt: firstFailureAt + (2 * HOUR) / EVENTS_PER_HOUR }),
    events: 1,
    failures: 1,
    slow: 0,
  }
}

/** The unit as it is known at `now`; undefined if it hasn't been seen yet. */
function seenAt(unit: UnitFact, now: number): UnitFact[] {
  const { arm, enteredAt, firstFailureAt = now, failureRunAt } = unit
  if (enteredAt > now) return []
  const failed = firstFailureAt < now
  const run = failureRunAt !== undefined && failureRunAt < now
  return [
    {
      arm,
      enteredAt,
      events: 1 + Math.round(((now - enteredAt) / HOUR) * EVENTS_PER_HOUR),
      failures: failed ? 1 : 0,
      slow: 0,
      ...(failed && { firstFailureAt }),
      ...(run && { failureRunAt }),
    },
  ]
}

interface LivedStage {
  readonly stage: number
  readonly percent: number
  readonly startedAt: number
  readonly units: readonly UnitFact[]
}

function liveStage(
  plan: RolloutPlan,
  population: readonly Unit[],
  at: { stage: number; startedAt: number; random: () => number },
): LivedStage {
  const percent = plan.stages[at.stage]?.percent ?? 100
  const before = plan.stages[at.stage - 1]?.percent ?? 0
  const units = population.filter(({ bucket }) => bucket >= before).map(unit => live(unit, unit.bucket < percent, at))
  return { stage: at.stage, percent, startedAt: at.startedAt, units }
}

function factsAt(lived: readonly LivedStage[], population: readonly Unit[], now: number): StageFacts[] {
  return lived.map(({ stage, percent, startedAt, units }) => {
    const treated = population.filter(({ bucket }) => bucket < percent).length
    return {
      stage,
      share: percent / 100,
      startedAt,
      units: units.flatMap(unit => seenAt(unit, now)),
      seen: { treated, control: population.length - treated },
      crossed: 0,
    }
  })
}

export interface Run {
  readonly state: RolloutState
  readonly decisions: readonly { readonly decision: Decision; readonly at: number }[]
}

/** A whole rollout through `judgeAll`, `decide` and `apply`, looked at every `lookEvery` ms until it ends, or for a week. */
export function simulate(plan: RolloutPlan, world: World, lookEvery: number): Run {
  const population = populate(world)
  const lived: LivedStage[] = []
  const decisions: { decision: Decision; at: number }[] = []
  const take = (before: RolloutState, decision: Decision, at: number): RolloutState => {
    const next = apply(plan, before, decision, at)
    if ('refused' in next) throw new Error(next.refused.message)
    const { state } = next
    decisions.push({ decision, at })
    if (state.status === 'running' && state.stage === lived.length) {
      lived.push(liveStage(plan, population, { stage: state.stage, startedAt: at, random: world.random }))
    }
    return state
  }
  let state = take({ status: 'draft' }, personDecision(plan, { status: 'draft' }, { kind: 'start', by: 'Ann' }), T0)
  for (let now = T0 + lookEvery; state.status === 'running' && now < T0 + 168 * HOUR; now += lookEvery) {
    const stages = factsAt(lived, population, now)
    const facts = plan.guardrails.map(({ id }): GuardrailFacts => ({ guardrailId: id, stages, lastEventAt: now }))
    state = take(state, decide(plan, state, { verdicts: judgeAll(plan, facts, now), flagOn: true }, now), now)
  }
  return { state, decisions }
}
