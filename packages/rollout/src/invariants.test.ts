import {
  apply,
  type Because,
  type Decision,
  decide,
  type PolicyAction,
  percentNow,
  personDecision,
  type RolloutPlan,
  type RolloutState,
  sameBecause,
  type VerdictKind,
  validatePlan,
  withDefaults,
} from '@dimmer/rollout'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ERROR_RATE, HOUR, LATENCY, T0, verdict } from '../test/plans.ts'

const action = fc.constantFrom<PolicyAction>('roll-back', 'pause', 'hold', 'warn')
const policy = fc.record({ breached: action, inconclusive: action, noData: action, sickSample: action })

const plans: fc.Arbitrary<RolloutPlan> = fc
  .record({
    percents: fc.uniqueArray(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 6 }),
    hours: fc.array(fc.integer({ min: 0, max: 48 }), { minLength: 6, maxLength: 6 }),
    policy,
    own: fc.option(policy),
    rollBack: fc.constantFrom('to-zero' as const, 'to-previous-stage' as const),
  })
  .map(({ percents, hours, own, ...rest }) =>
    withDefaults({
      flag: 'f',
      environment: 'production',
      variant: 'on',
      unit: 'account',
      stages: percents
        .toSorted((a, b) => a - b)
        .map((percent, i) => ({ percent: percent / 1000, hold: `PT${hours[i] ?? 0}H` })),
      guardrails: [LATENCY, { ...LATENCY, id: 'p99', quantile: 0.99, ...(own && { policy: own }) }],
      ...rest,
    }),
  )

/** What happens at one moment: a look of the controller, or a person's request. */
type Moment =
  | { readonly after: number; readonly look: readonly [VerdictKind, VerdictKind]; readonly flagOn: boolean }
  | { readonly after: number; readonly person: Parameters<typeof personDecision>[2]['kind'] }

const kind = fc.constantFrom<VerdictKind>('ok', 'ok', 'ok', 'ok', 'breached', 'inconclusive', 'no-data', 'sick-sample')
const after = fc.integer({ min: 1, max: 60 }).map(hours => hours * HOUR)
const looks: fc.Arbitrary<Moment> = fc.record({
  after,
  look: fc.tuple(kind, kind),
  flagOn: fc.integer({ min: 0, max: 9 }).map(n => n > 0),
})
const people: fc.Arbitrary<Moment> = fc.record({
  after,
  person: fc.constantFrom('start', 'expand', 'pause', 'resume', 'resume', 'roll-back', 'complete', 'abort', 'retire'),
})
const stories = fc.array(fc.oneof({ weight: 4, arbitrary: looks }, { weight: 1, arbitrary: people }), { maxLength: 40 })

interface Turn {
  readonly before: RolloutState
  readonly decision: Decision
  readonly at: number
  readonly state: RolloutState
  readonly percent: number | undefined
  readonly refused: boolean
}

function decisionAt(plan: RolloutPlan, state: RolloutState, moment: Moment, at: number): Decision {
  if ('person' in moment) return personDecision(plan, state, { kind: moment.person, by: 'Ann' })
  const verdicts = moment.look.map((of, index) => verdict(plan.guardrails[index]?.id ?? '', of, at))
  return decide(plan, state, { verdicts, flagOn: moment.flagOn }, at)
}

/** Plays a story from the start of the rollout and gives every turn. */
function play(plan: RolloutPlan, story: readonly Moment[]): Turn[] {
  let state: RolloutState = { status: 'draft' }
  let at = T0
  return [{ after: 0, person: 'start' } as const, ...story].map(moment => {
    at += moment.after
    const before = state
    const decision = decisionAt(plan, before, moment, at)
    const next = apply(plan, before, decision, at)
    if ('refused' in next) return { before, decision, at, state, percent: undefined, refused: true }
    state = next.state
    return { before, decision, at, state, percent: next.percent, refused: false }
  })
}

const property = (check: (turns: readonly Turn[], plan: RolloutPlan) => void): void => {
  fc.assert(
    fc.property(plans, stories, (plan, story) => {
      check(play(plan, story), plan)
    }),
    { numRuns: 300, seed: 2026 },
  )
}

const stageOf = (state: RolloutState): number => ('stage' in state ? (state.stage ?? -1) : -1)

it('makes plans that are valid', () => {
  property((_, plan) => expect(validatePlan(plan)).toEqual([]))
})

it('never skips a stage', () => {
  property(turns => {
    for (const { before, state } of turns) {
      if (state.status === 'running') expect(stageOf(state) - stageOf(before)).toBeLessThanOrEqual(1)
    }
  })
})

it('never lowers the share except by a roll-back, and sets the share that the state says', () => {
  property((turns, plan) => {
    for (const { before, decision, state, percent } of turns) {
      if (state.status === 'retired') continue
      const now = percentNow(plan, state)
      if (percent !== undefined) expect(percent).toBe(now)
      else expect(now).toBe(percentNow(plan, before))
      if (decision.kind !== 'roll-back') expect(now).toBeGreaterThanOrEqual(percentNow(plan, before))
    }
  })
})

it('answers a breach by its policy at the first look, in every watched state', () => {
  const expected: Readonly<Record<PolicyAction, readonly string[]>> = {
    'roll-back': ['rolled-back'],
    pause: ['rolled-back', 'paused'],
    hold: ['rolled-back', 'paused', 'running', 'completed'],
    warn: ['rolled-back', 'paused', 'running', 'completed'],
  }
  property((turns, plan) => {
    for (const { before, decision, state } of turns) {
      if (!['running', 'paused', 'completed'].includes(before.status)) continue
      for (const { kind: of, guardrailId } of decision.verdicts) {
        if (of !== 'breached') continue
        const own = plan.guardrails.find(({ id }) => id === guardrailId)?.policy?.breached ?? plan.policy.breached
        expect(expected[own]).toContain(state.status)
        if (own === 'hold') expect(percentNow(plan, state)).toBeLessThanOrEqual(percentNow(plan, before))
      }
    }
  })
})

it('is never refused its own decision', () => {
  property(turns => {
    for (const { decision, refused } of turns) if (decision.because.code !== 'person') expect(refused).toBe(false)
  })
})

it('expands by itself only when each guardrail is ok or let pass', () => {
  property((turns, plan) => {
    for (const { decision } of turns) {
      if (decision.because.code !== 'all-clear') continue
      for (const { kind: of, guardrailId } of decision.verdicts) {
        if (of === 'ok') continue
        const answers = { ...plan.policy, ...plan.guardrails.find(({ id }) => id === guardrailId)?.policy }
        const answer = {
          breached: answers.breached,
          inconclusive: answers.inconclusive,
          'no-data': answers.noData,
          'sick-sample': answers.sickSample,
        }
        expect(answer[of]).toBe('warn')
      }
    }
  })
})

it('decides and applies the same again from the same facts', () => {
  property((turns, plan) => {
    for (const { before, decision, at } of turns) {
      if (decision.because.code === 'person') continue
      const flagOn = decision.because.code !== 'flag-off'
      const again = decide(plan, before, { verdicts: decision.verdicts, flagOn }, at)
      expect(again).toEqual(decision)
      expect(apply(plan, before, again, at)).toEqual(apply(plan, before, decision, at))
    }
  })
})

it('comes to the same state when the log is replayed, with only the holds whose reason was new', () => {
  property((turns, plan) => {
    let last: Because | undefined
    const log = turns.filter(({ decision, refused }) => {
      if (refused) return false
      const repeated = decision.kind === 'hold' && last !== undefined && sameBecause(last, decision.because)
      last = decision.because
      return !repeated
    })
    let state: RolloutState = { status: 'draft' }
    for (const { decision, at } of log) {
      const next = apply(plan, state, decision, at)
      if ('state' in next) state = next.state
    }
    expect(state).toEqual(turns.at(-1)?.state)
  })
})

it('survives being stored: plan, state and decision are plain JSON', () => {
  property((turns, plan) => {
    const stored = <T>(value: T): unknown => JSON.parse(JSON.stringify(value))
    expect(stored(withDefaults({ ...plan, guardrails: [ERROR_RATE] }))).toEqual(
      withDefaults({ ...plan, guardrails: [ERROR_RATE] }),
    )
    for (const { state, decision } of turns) {
      expect(stored(state)).toEqual(state)
      expect(stored(decision)).toMatchObject({
        kind: decision.kind,
        because: decision.because,
        sentence: decision.sentence,
      })
    }
  })
})
