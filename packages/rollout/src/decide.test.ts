import {
  apply,
  type Decision,
  decide,
  type PlanInput,
  type PolicyAction,
  type RolloutPlan,
  type RolloutState,
  sameBecause,
  type Verdict,
} from '@dimmer/rollout'
import { describe, expect, it } from 'vitest'
import { canary, DAY, HOUR, T0, verdict, verdicts } from '../test/plans.ts'

const plan = canary()

function running(stage = 0, change: Partial<Extract<RolloutState, { status: 'running' }>> = {}): RolloutState {
  return { status: 'running', phase: 'exposing', stage, stageStartedAt: T0, heldMs: 0, holdingSince: T0, ...change }
}
const paused: RolloutState = {
  status: 'paused',
  stage: 1,
  stageStartedAt: T0,
  heldMs: 0,
  pausedAt: T0,
  why: 'Ann paused.',
}
const completed: RolloutState = {
  status: 'completed',
  stage: 3,
  stageStartedAt: T0,
  heldMs: DAY,
  completedAt: T0 + DAY,
}

const EARLY = T0 + HOUR
const LATE = T0 + 30 * HOUR

interface Case {
  readonly plan?: RolloutPlan
  readonly state?: RolloutState
  readonly verdicts?: readonly Verdict[]
  readonly flagOn?: boolean
  readonly now?: number
}

function decideOn({ plan: of = plan, state = running(), flagOn = true, now = LATE, ...rest }: Case): Decision {
  return decide(of, state, { verdicts: rest.verdicts ?? verdicts(of, 'ok', now), flagOn }, now)
}

const withPolicy = (policy: PlanInput['policy']): RolloutPlan => canary(policy === undefined ? {} : { policy })

describe('a running rollout', () => {
  it('expands by one stage when the hold is over and all is ok', () => {
    expect(decideOn({})).toMatchObject({
      kind: 'expand',
      toStage: 1,
      because: { code: 'all-clear' },
      sentence: 'Expanded from 5 % to 25 % of accounts: the hold is over and all guardrails are ok.',
    })
  })

  it('completes after its last stage', () => {
    const decision = decideOn({ state: running(3) })
    expect(decision).toMatchObject({ kind: 'complete', because: { code: 'all-clear' } })
    expect(decision.toStage).toBeUndefined()
  })

  it('stays until the hold is over, however good the verdicts', () => {
    expect(decideOn({ now: T0 + DAY - 1 })).toMatchObject({
      kind: 'hold',
      because: { code: 'hold-not-elapsed' },
      sentence: 'Staying at 5 % of accounts: the hold of this stage lasts until 2026-03-03 10:00 UTC.',
    })
    expect(decideOn({ now: T0 + DAY }).kind).toBe('expand')
  })

  it('counts time in which nobody looked, but not time spent paused', () => {
    expect(decideOn({ now: T0 + 90 * DAY })).toMatchObject({ kind: 'expand', toStage: 1 })
    const resumed = running(0, { heldMs: 10 * HOUR, holdingSince: T0 + 100 * HOUR })
    expect(decideOn({ state: resumed, now: T0 + 113 * HOUR }).kind).toBe('hold')
    expect(decideOn({ state: resumed, now: T0 + 114 * HOUR }).kind).toBe('expand')
  })

  it('is not moved on by a clock set back', () => {
    expect(decideOn({ now: T0 - HOUR, verdicts: verdicts(plan, 'ok', LATE) }).kind).toBe('hold')
  })

  it('never passes on inconclusive or missing evidence, however long it waits', () => {
    for (const kind of ['inconclusive', 'no-data', 'sick-sample'] as const) {
      const now = T0 + 60 * DAY
      const mixed = [verdict('errors', 'ok', now), verdict('p95', kind, now)]
      expect(decideOn({ verdicts: mixed, now })).toMatchObject({
        kind: 'hold',
        because: { code: kind, guardrailId: 'p95' },
        sentence: `Staying at 5 % of accounts: p95 is ${kind}.`,
      })
    }
  })

  it('treats a guardrail that was not judged as one without data', () => {
    expect(decideOn({ verdicts: [verdict('errors', 'ok', LATE)] })).toMatchObject({
      kind: 'hold',
      because: { code: 'no-data', guardrailId: 'p95' },
    })
  })

  it('is not cleared by verdicts from before this stage', () => {
    const state = running(1, { stageStartedAt: LATE - 26 * HOUR, holdingSince: LATE - 26 * HOUR })
    expect(decideOn({ state, verdicts: verdicts(plan, 'ok', LATE - 26 * HOUR) })).toMatchObject({
      kind: 'hold',
      because: { code: 'no-data' },
    })
  })

  it('rolls back a breach at once, before the hold is over', () => {
    const seen = [verdict('errors', 'breached', EARLY), verdict('p95', 'ok', EARLY)]
    expect(decideOn({ state: running(1), verdicts: seen, now: EARLY })).toEqual({
      kind: 'roll-back',
      because: { code: 'breached', guardrailId: 'errors' },
      sentence: 'Rolled back from 25 % of accounts to 0 %: errors is breached.',
      verdicts: seen,
    })
  })

  it('rolls back a breach that was seen before this stage, too', () => {
    expect(decideOn({ verdicts: verdicts(plan, 'breached', T0 - 1) }).kind).toBe('roll-back')
  })

  it('rolls back to the stage before where the plan says so, and to nobody from the first', () => {
    const previous = canary({ rollBack: 'to-previous-stage' })
    const bad = verdicts(previous, 'breached', EARLY)
    expect(decideOn({ plan: previous, state: running(2), verdicts: bad, now: EARLY })).toMatchObject({
      kind: 'roll-back',
      toStage: 1,
      sentence: 'Rolled back from 50 % of accounts to 25 % of accounts: errors is breached.',
    })
    expect(decideOn({ plan: previous, state: running(0), verdicts: bad, now: EARLY }).toStage).toBeUndefined()
  })

  it('pauses when the flag is switched off, and does not wait for the hold', () => {
    expect(decideOn({ flagOn: false, now: EARLY })).toMatchObject({
      kind: 'pause',
      because: { code: 'flag-off' },
      sentence: 'Paused at 5 % of accounts: the flag was switched off.',
    })
  })

  it('rolls back a breach even when the flag is off, so that switching on does not bring it back', () => {
    expect(decideOn({ flagOn: false, verdicts: verdicts(plan, 'breached', EARLY), now: EARLY }).kind).toBe('roll-back')
  })

  it('takes the strongest answer when guardrails disagree', () => {
    const answers = withPolicy({ inconclusive: 'pause', noData: 'hold' })
    const seen = [verdict('errors', 'no-data', LATE), verdict('p95', 'inconclusive', LATE)]
    expect(decideOn({ plan: answers, verdicts: seen })).toMatchObject({
      kind: 'pause',
      because: { code: 'inconclusive', guardrailId: 'p95' },
    })
  })

  it.each<[PolicyAction, Decision['kind']]>([
    ['roll-back', 'roll-back'],
    ['pause', 'pause'],
    ['hold', 'hold'],
    ['warn', 'expand'],
  ])('answers each verdict with %s by %s once the hold is over', (action, kind) => {
    for (const [code, key] of [
      ['breached', 'breached'],
      ['inconclusive', 'inconclusive'],
      ['no-data', 'noData'],
      ['sick-sample', 'sickSample'],
    ] as const) {
      const of = withPolicy({ [key]: action })
      expect(decideOn({ plan: of, verdicts: verdicts(of, code, LATE) }).kind).toBe(kind)
    }
  })

  it('waits for the end of the hold before it answers what is normal in a young stage', () => {
    const strict = withPolicy({ inconclusive: 'roll-back', noData: 'pause', sickSample: 'pause' })
    const early = (kind: Verdict['kind']) =>
      decideOn({ plan: strict, verdicts: verdicts(strict, kind, EARLY), now: EARLY })
    expect(early('inconclusive')).toMatchObject({ kind: 'hold', because: { code: 'hold-not-elapsed' } })
    expect(early('no-data')).toMatchObject({ kind: 'hold', because: { code: 'hold-not-elapsed' } })
    expect(early('sick-sample').kind).toBe('pause')
  })

  it('says what it let pass', () => {
    const lenient = withPolicy({ inconclusive: 'warn' })
    const seen = [verdict('errors', 'ok', LATE), verdict('p95', 'inconclusive', LATE)]
    expect(decideOn({ plan: lenient, verdicts: seen }).sentence).toBe(
      'Expanded from 5 % to 25 % of accounts: the hold is over. Let pass by policy: p95 is inconclusive.',
    )
  })

  it('lets a guardrail override the policy of the plan', () => {
    const [errors, latency] = plan.guardrails
    if (!errors || !latency) throw new Error('the canary has two guardrails')
    const own = canary({ guardrails: [errors, { ...latency, policy: { breached: 'pause' } }] })
    const seen = [verdict('errors', 'ok', EARLY), verdict('p95', 'breached', EARLY)]
    expect(decideOn({ plan: own, verdicts: seen, now: EARLY }).kind).toBe('pause')
  })

  it('gives the same reason from look to look while nothing changes', () => {
    const first = decideOn({ now: T0 + 2 * HOUR })
    const second = decideOn({ now: T0 + 3 * HOUR })
    const third = decideOn({ verdicts: verdicts(plan, 'inconclusive', LATE) })
    expect(sameBecause(first.because, second.because)).toBe(true)
    expect(first.sentence).toBe(second.sentence)
    expect(sameBecause(second.because, third.because)).toBe(false)
  })

  it('moves by time alone without guardrails', () => {
    expect(decideOn({ plan: canary({ guardrails: [] }) }).kind).toBe('expand')
  })
})

describe('a breach outside of running', () => {
  it.each([
    ['paused', paused],
    ['completed', completed],
  ])('is rolled back while %s', (_, state) => {
    expect(decideOn({ state, verdicts: verdicts(plan, 'breached', LATE) })).toMatchObject({
      kind: 'roll-back',
      because: { code: 'breached', guardrailId: 'errors' },
    })
  })

  it('pauses a completed rollout where the policy says pause, and stays in a paused one', () => {
    const pausing = withPolicy({ breached: 'pause' })
    const bad = verdicts(pausing, 'breached', LATE)
    expect(decideOn({ plan: pausing, state: completed, verdicts: bad }).kind).toBe('pause')
    expect(decideOn({ plan: pausing, state: paused, verdicts: bad })).toMatchObject({
      kind: 'hold',
      because: { code: 'breached' },
    })
  })

  it('is all that counts there: other verdicts, the hold and the flag change nothing', () => {
    for (const state of [paused, completed]) {
      for (const kind of ['ok', 'inconclusive', 'no-data', 'sick-sample'] as const) {
        const strict = withPolicy({ inconclusive: 'roll-back', noData: 'roll-back', sickSample: 'roll-back' })
        const decision = decideOn({
          plan: strict,
          state,
          verdicts: verdicts(strict, kind, LATE),
          flagOn: false,
          now: T0 + 90 * DAY,
        })
        expect(decision).toMatchObject({ kind: 'hold', because: { code: state.status } })
      }
    }
  })
})

it.each<RolloutState>([
  { status: 'draft' },
  { status: 'rolled-back', stage: 0, stageStartedAt: T0, heldMs: 0, rolledBackAt: T0, why: '' },
  { status: 'aborted', abortedAt: T0, why: '' },
  { status: 'retired', retiredAt: T0 },
])('has nothing to decide about a rollout that is $status', state => {
  const decision = decideOn({ state, verdicts: verdicts(plan, 'breached', LATE), flagOn: false })
  expect(decision).toMatchObject({ kind: 'hold', because: { code: 'not-running' } })
  expect(apply(plan, state, decision, LATE)).toEqual({ state })
})

describe('a share that a roll-back left in place', () => {
  const kept = { status: 'rolled-back', stage: 1, keptStage: 0, stageStartedAt: T0, heldMs: 0, why: '' } as const
  const state: RolloutState = { ...kept, rolledBackAt: T0 + HOUR }

  it('is watched, and goes too when a guardrail is breached since', () => {
    const decision = decideOn({ state, verdicts: verdicts(plan, 'breached', LATE) })
    expect(decision).toMatchObject({ kind: 'roll-back', because: { code: 'breached' } })
    expect(decision.sentence).toMatch(/^Rolled back from 5 % of accounts to 0 %, too: /)
    expect(apply(plan, state, decision, LATE)).toMatchObject({ percent: 0, state: { status: 'rolled-back' } })
  })

  it('is not taken for what led to the roll-back', () => {
    const decision = decideOn({ state, verdicts: verdicts(plan, 'breached', T0 + HOUR) })
    expect(decision).toMatchObject({ kind: 'hold', because: { code: 'share-kept' } })
  })

  it('stays while nothing is proven, whatever else the verdicts are', () => {
    for (const kind of ['ok', 'inconclusive', 'no-data', 'sick-sample'] as const) {
      expect(decideOn({ state, verdicts: verdicts(plan, kind, LATE) }).kind).toBe('hold')
    }
  })
})
