// @ts-check
/** One rollout through the code that steers real ones: fold, judge, decide, apply, at each of 720 looks. */
import {
  apply,
  beginEvidence,
  decide,
  enterStage,
  foldErrors,
  judgeAll,
  personDecision,
  withDefaults,
} from '@dimmer/rollout'
import { minuteDesignEffect, minuteRecurrence } from '@dimmer/stats'
import { lastTick, shares, ticksPerMinute, ticksPerStage, usualRatio } from './worlds.mjs'

/**
 * @import { ErrorCounts, ErrorEvidence, ErrorLook, RolloutPlan, RolloutState } from '@dimmer/rollout'
 * @import { Timeline } from './timeline.mjs'
 *
 * @typedef {object} Outcome
 * @property {number | undefined} rolledBackAt tick of the look
 * @property {number} requests of exposed accounts until then
 * @property {number} failures of exposed accounts until then
 *
 * @typedef {object} BenchLook
 * @property {number} tick
 * @property {ErrorEvidence} before
 * @property {ErrorLook} added what this look adds to it
 * @property {ErrorEvidence} evidence
 */

const tickMs = 5_000
const startedAt = Date.UTC(2026, 2, 2, 10)

/**
 * Whatever is not proven harmful passes, so that each run goes through all stages: the most chances for a false alarm.
 * @param {number} alpha
 * @param {number} [maxRatio]
 */
export const planAt = (alpha, maxRatio = usualRatio) =>
  withDefaults({
    flag: 'simulated',
    environment: 'production',
    variant: 'on',
    unit: 'account',
    stages: shares.map(share => ({ percent: share * 100, hold: 'PT20M' })),
    guardrails: [{ id: 'errors', kind: 'error-rate', event: 'request', maxRatio }],
    policy: { breached: 'roll-back', inconclusive: 'warn', noData: 'warn', sickSample: 'warn' },
    alpha,
  })

/** @param {number} tick time at the end of the tick */
const timeOf = tick => startedAt + tick * tickMs

const none = { treated: 0, control: 0 }

/**
 * @param {{ treated: number, control: number }} sum
 * @param {import('./timeline.mjs').Arms} arms
 * @param {number} tick
 */
const grown = (sum, { treated, control }, tick) => ({
  treated: sum.treated + (treated[tick] ?? 0),
  control: sum.control + (control[tick] ?? 0),
})

/**
 * @param {Timeline} timeline
 * @param {ErrorCounts} counts
 * @param {number} tick
 * @returns {ErrorCounts}
 */
function countTick(timeline, counts, tick) {
  const stage = timeline.stages[Math.floor(tick / ticksPerStage)]
  if (!stage) return counts
  const entered = grown(counts.entered, stage.entered, tick)
  return {
    entered,
    active: entered,
    failed: grown(counts.failed, stage.failed, tick),
    ran: grown(counts.ran, stage.ran, tick),
    events: grown(counts.events, timeline.requests, tick),
    failures: grown(counts.failures, timeline.failures, tick),
  }
}

/**
 * Adds up the minutes of each account, stage by stage, and gives after each minute how the failed ones are spread.
 * @param {Timeline} timeline
 */
function spreads({ accounts, failedIn, activeIn, weights }) {
  const rows = accounts.map(() => shares.map(() => ({ failed: 0, active: 0 })))
  const plain = accounts.map(() => ({ failed: 0, active: 0 }))
  return (/** @type {number} */ minute) => {
    const stage = Math.floor((minute * ticksPerMinute) / ticksPerStage)
    /** @type {{ failed: number, active: number }[][]} */
    const control = []
    /** @type {{ failed: number, active: number }[]} */
    const never = []
    accounts.forEach((account, index) => {
      const [row, own] = [rows[index]?.[stage], plain[index]]
      if (!row || !own) return
      const [failed, active] = [failedIn[index]?.[minute] ?? 0, activeIn[index]?.[minute] ?? 0]
      own.failed += failed
      own.active += active
      row.failed += failed
      row.active += active * (weights[index] ?? 1)
      if (account.exposedFrom <= minute * ticksPerMinute) return
      control.push(rows[index] ?? [])
      never.push(own)
    })
    const stages = shares.slice(0, stage + 1).map(share => ({ share }))
    const phi = minuteDesignEffect({ units: accounts.length, stages, control })
    return phi === undefined ? undefined : { phi, recurrence: minuteRecurrence(never) ?? 0 }
  }
}

/**
 * The minute that a tick lies in, as far as it is known then.
 * @param {Timeline} timeline
 * @param {number} tick
 */
function minuteFact({ minutes: { failed, active } }, tick) {
  const from = tick - (tick % ticksPerMinute)
  const sum = (/** @type {Float64Array} */ perTick) =>
    perTick.subarray(from, tick + 1).reduce((total, amount) => total + amount, 0)
  return {
    at: timeOf(from),
    failedTreated: sum(failed.treated),
    failedControl: sum(failed.control),
    activeTreated: sum(active.treated),
    activeControl: sum(active.control),
  }
}

/**
 * The evidence after each look; the same whatever is decided, as long as the rollout goes on.
 * @param {Timeline} timeline
 * @returns {Generator<BenchLook>}
 */
export function* looks(timeline) {
  const stageAt = (/** @type {number} */ stage) => ({
    stage,
    share: shares[stage] ?? 1,
    startedAt: timeOf(stage * ticksPerStage),
  })
  const spreadAfter = spreads(timeline)
  let evidence = beginEvidence(stageAt(0))
  /** @type {ErrorCounts} */
  const nothing = { entered: none, active: none, failed: none, ran: none, events: none, failures: none }
  let counts = nothing
  for (let tick = 0; tick < lastTick; tick++) {
    if (tick > 0 && tick % ticksPerStage === 0) {
      evidence = enterStage(evidence, stageAt(tick / ticksPerStage))
      counts = nothing
    }
    counts = countTick(timeline, counts, tick)
    const minute = (tick + 1) % ticksPerMinute === 0 ? Math.floor(tick / ticksPerMinute) : undefined
    const spread = minute === undefined ? undefined : spreadAfter(minute)
    const before = evidence
    const added = {
      at: timeOf(tick + 1),
      counts,
      minutes: [minuteFact(timeline, tick)],
      ...(spread && { spread }),
    }
    evidence = foldErrors(before, added)
    yield { tick, before, added, evidence }
  }
}

/**
 * @param {RolloutPlan} plan
 * @param {BenchLook} look
 * @param {number} [accounts] seen in each stage, divided as planned
 */
export function judgeLook(plan, { tick, evidence }, accounts = 0) {
  const now = timeOf(tick + 1)
  const stages = shares.slice(0, evidence.stage + 1).map((share, stage) => ({
    stage,
    share,
    startedAt: timeOf(stage * ticksPerStage),
    units: [],
    seen: { treated: Math.round(accounts * share), control: Math.round(accounts * (1 - share)) },
    crossed: 0,
  }))
  const facts = [{ guardrailId: 'errors', stages, lastEventAt: now, evidence }]
  return judgeAll(plan, facts, now, { bounds: false })
}

/**
 * @param {RolloutPlan} plan
 * @param {RolloutState} state
 * @param {BenchLook} look
 * @returns {RolloutState}
 */
function step(plan, state, look) {
  const now = timeOf(look.tick + 1)
  const verdicts = judgeLook(plan, look)
  const decided = apply(plan, state, decide(plan, state, { verdicts, flagOn: true }, now), now)
  if ('refused' in decided) throw new Error(decided.refused.message)
  return decided.state
}

/** @param {number} tick */
const endsStage = tick => (tick + 1) % ticksPerStage === 0

/**
 * One timeline under several alphas, from the largest down: what doesn't fire at one cannot fire at a smaller one, so that
 * it is asked only at the ends of stages until then.
 * @param {Timeline} timeline
 * @param {{ alphas: readonly number[], maxRatio: number | undefined }} plans
 * @returns {Outcome[]}
 */
export function rollOut(timeline, { alphas, maxRatio }) {
  const runs = alphas.map(alpha => {
    const plan = planAt(alpha, maxRatio)
    /** @type {RolloutState} */
    const draft = { status: 'draft' }
    const started = apply(plan, draft, personDecision(plan, draft, { kind: 'start', by: 'bench' }), startedAt)
    if ('refused' in started) throw new Error(started.refused.message)
    /** @type {Outcome} */
    const outcome = { rolledBackAt: undefined, requests: 0, failures: 0 }
    return { plan, state: started.state, outcome }
  })
  const seen = { requests: 0, failures: 0 }
  for (const look of looks(timeline)) {
    seen.requests += timeline.requests.treated[look.tick] ?? 0
    seen.failures += timeline.failures.treated[look.tick] ?? 0
    for (const [index, run] of runs.entries()) {
      if (run.outcome.rolledBackAt !== undefined) continue
      const looser = runs[index - 1]
      if (looser && looser.outcome.rolledBackAt === undefined && !endsStage(look.tick)) continue
      run.state = step(run.plan, run.state, look)
      if (run.state.status === 'rolled-back') run.outcome = { rolledBackAt: look.tick, ...seen }
    }
    if (runs.every(({ outcome }) => outcome.rolledBackAt !== undefined)) break
  }
  return runs.map(({ outcome }) => outcome)
}
