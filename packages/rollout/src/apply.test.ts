import {
  apply,
  type Decision,
  type DecisionKind,
  percentNow,
  personDecision,
  type RolloutState,
  type Transition,
} from '@dimmer/rollout'
import { describe, expect, it } from 'vitest'
import { canary, DAY, HOUR, T0 } from '../test/plans.ts'

const plan = canary()

const order = (kind: DecisionKind, toStage?: number): Decision => ({
  kind,
  ...(toStage !== undefined && { toStage }),
  because: { code: 'person' },
  sentence: `Ann says ${kind}.`,
  verdicts: [],
})

function done(transition: Transition): { state: RolloutState; percent?: number } {
  if ('refused' in transition) throw new Error(transition.refused.message)
  return transition
}

/** The state after these orders, an hour apart. */
function after(...kinds: DecisionKind[]): RolloutState {
  return kinds.reduce<RolloutState>(
    (state, kind, index) => done(apply(plan, state, order(kind), T0 + index * HOUR)).state,
    { status: 'draft' },
  )
}

const STATES: Readonly<Record<string, RolloutState>> = {
  draft: { status: 'draft' },
  running: after('start'),
  'in the last stage': after('start', 'expand', 'expand', 'expand'),
  paused: after('start', 'pause'),
  completed: after('start', 'expand', 'expand', 'expand', 'complete'),
  'rolled-back': after('start', 'expand', 'roll-back'),
  aborted: after('abort'),
  retired: after('start', 'expand', 'expand', 'expand', 'complete', 'retire'),
}

describe('what each state allows', () => {
  it.each<[string, DecisionKind[]]>([
    ['draft', ['start', 'hold', 'abort']],
    ['running', ['expand', 'hold', 'pause', 'roll-back', 'abort']],
    ['in the last stage', ['hold', 'pause', 'roll-back', 'complete', 'abort']],
    ['paused', ['hold', 'resume', 'roll-back', 'abort']],
    ['completed', ['hold', 'pause', 'roll-back', 'retire']],
    ['rolled-back', ['hold']],
    ['aborted', ['hold']],
    ['retired', ['hold']],
  ])('%s', (name, allowed) => {
    const state = STATES[name] ?? { status: 'draft' }
    const kinds: DecisionKind[] = [
      'start',
      'expand',
      'hold',
      'pause',
      'resume',
      'roll-back',
      'complete',
      'abort',
      'retire',
    ]
    expect(kinds.filter(kind => !('refused' in apply(plan, state, order(kind), T0 + DAY)))).toEqual(allowed)
  })

  it.each<[string, DecisionKind, string]>([
    ['rolled-back', 'resume', "A rolled-back rollout can't be resumed; start a new one."],
    ['rolled-back', 'start', "A rolled-back rollout can't be started; start a new one."],
    ['rolled-back', 'roll-back', 'This rollout is already rolled back.'],
    ['paused', 'expand', "A paused rollout can't be expanded; resume it first."],
    ['paused', 'pause', 'This rollout is already paused.'],
    ['draft', 'pause', "A rollout that hasn't started can't be paused; start it first."],
    ['draft', 'roll-back', "A rollout that hasn't started can't be rolled back; nobody has it."],
    ['running', 'start', 'This rollout has already started.'],
    ['running', 'resume', 'This rollout is not paused.'],
    ['running', 'complete', 'Only the last stage completes a rollout.'],
    ['running', 'retire', 'Only a completed rollout can be retired; this one is running.'],
    ['in the last stage', 'expand', 'This is the last stage: there is nothing to expand to.'],
    ['completed', 'resume', "A completed rollout can't be resumed."],
    ['completed', 'abort', 'A completed rollout is over: there is nothing to abort.'],
  ])('refuses in words: %s and %s', (name, kind, message) => {
    const transition = apply(plan, STATES[name] ?? { status: 'draft' }, order(kind), T0 + DAY)
    expect('refused' in transition && transition.refused.message).toBe(message)
  })
})

describe('stages', () => {
  it('starts with the first stage and sets its share', () => {
    expect(done(apply(plan, { status: 'draft' }, order('start', 0), T0))).toEqual({
      state: { status: 'running', phase: 'exposing', stage: 0, stageStartedAt: T0, heldMs: 0, holdingSince: T0 },
      percent: 5,
    })
  })

  it('never starts elsewhere, never skips, never repeats a stage', () => {
    const codeOf = (state: RolloutState, decision: Decision) => {
      const transition = apply(plan, state, decision, T0)
      return 'refused' in transition ? transition.refused.code : 'done'
    }
    expect(codeOf({ status: 'draft' }, order('start', 1))).toBe('wrong-stage')
    for (const [toStage, code] of [
      [0, 'wrong-stage'],
      [1, 'done'],
      [2, 'wrong-stage'],
      [-1, 'wrong-stage'],
      [1.5, 'wrong-stage'],
    ] as const) {
      expect(codeOf(after('start'), order('expand', toStage))).toBe(code)
    }
  })

  it('begins each stage with a fresh hold', () => {
    const { state, percent } = done(apply(plan, after('start'), order('expand', 1), T0 + DAY))
    expect(state).toMatchObject({ stage: 1, stageStartedAt: T0 + DAY, heldMs: 0, holdingSince: T0 + DAY })
    expect(percent).toBe(25)
  })

  it('is holding at once where a stage has no hold', () => {
    const quick = canary({ stages: [{ percent: 5, hold: 'PT0S' }] })
    expect(done(apply(quick, { status: 'draft' }, order('start'), T0)).state).toMatchObject({ phase: 'holding' })
  })

  it('turns from exposing to holding when the hold is over', () => {
    const phaseAt = (now: number) => {
      const { state } = done(apply(plan, after('start'), order('hold'), now))
      return state.status === 'running' && state.phase
    }
    expect(phaseAt(T0 + DAY - 1)).toBe('exposing')
    expect(phaseAt(T0 + DAY)).toBe('holding')
  })
})

describe('pause and resume', () => {
  it('keeps the share, stops the hold clock and goes on where it was', () => {
    const paused = done(apply(plan, after('start'), order('pause'), T0 + 10 * HOUR))
    expect(paused).toEqual({
      state: {
        status: 'paused',
        stage: 0,
        stageStartedAt: T0,
        heldMs: 10 * HOUR,
        pausedAt: T0 + 10 * HOUR,
        why: 'Ann says pause.',
      },
    })
    const resumed = done(apply(plan, paused.state, order('resume'), T0 + 50 * HOUR))
    expect(resumed).toEqual({
      state: {
        status: 'running',
        phase: 'exposing',
        stage: 0,
        stageStartedAt: T0,
        heldMs: 10 * HOUR,
        holdingSince: T0 + 50 * HOUR,
      },
    })
    const again = done(apply(plan, resumed.state, order('pause'), T0 + 53 * HOUR))
    expect(again.state).toMatchObject({ heldMs: 13 * HOUR })
  })

  it('loses no held time to a clock set back', () => {
    const resumed = done(apply(plan, after('start', 'pause'), order('resume'), T0 + 5 * HOUR))
    expect(done(apply(plan, resumed.state, order('pause'), T0 + 2 * HOUR)).state).toMatchObject({ heldMs: HOUR })
  })

  it('takes a completed rollout back to its last stage', () => {
    const paused = done(apply(plan, STATES.completed ?? { status: 'draft' }, order('pause'), T0 + DAY))
    expect(paused.percent).toBeUndefined()
    expect(done(apply(plan, paused.state, order('resume'), T0 + 2 * DAY)).state).toMatchObject({
      status: 'running',
      stage: 3,
    })
  })
})

describe('roll-back', () => {
  it('takes it from everybody, remembers where and why', () => {
    expect(done(apply(plan, after('start', 'expand'), order('roll-back'), T0 + 3 * HOUR))).toEqual({
      state: {
        status: 'rolled-back',
        stage: 1,
        stageStartedAt: T0 + HOUR,
        heldMs: 2 * HOUR,
        rolledBackAt: T0 + 3 * HOUR,
        why: 'Ann says roll-back.',
      },
      percent: 0,
    })
  })

  it('leaves the share of the stage before, and that can be rolled back too', () => {
    const partly = done(apply(plan, after('start', 'expand', 'expand'), order('roll-back', 1), T0 + DAY))
    expect(partly.percent).toBe(25)
    expect(partly.state).toMatchObject({ status: 'rolled-back', stage: 2, keptStage: 1 })
    expect(percentNow(plan, partly.state)).toBe(25)
    const wholly = done(apply(plan, partly.state, order('roll-back'), T0 + 2 * DAY))
    expect(wholly.percent).toBe(0)
    expect(percentNow(plan, wholly.state)).toBe(0)
  })

  it('never leads to the same or a later stage', () => {
    for (const toStage of [1, 2, -1]) {
      expect(apply(plan, after('start', 'expand'), order('roll-back', toStage), T0)).toMatchObject({
        refused: { code: 'wrong-stage' },
      })
    }
  })

  it('is possible while paused and after completion', () => {
    for (const name of ['paused', 'completed']) {
      expect(done(apply(plan, STATES[name] ?? { status: 'draft' }, order('roll-back'), T0 + DAY)).percent).toBe(0)
    }
  })
})

describe('abort', () => {
  it('leaves the share as it is and remembers the stage', () => {
    const { state, percent } = done(apply(plan, after('start', 'expand'), order('abort'), T0 + DAY))
    expect(state).toEqual({ status: 'aborted', abortedAt: T0 + DAY, why: 'Ann says abort.', stage: 1 })
    expect(percent).toBeUndefined()
    expect(percentNow(plan, state)).toBe(25)
  })
})

describe("a person's decision", () => {
  const ask = (state: RolloutState, kind: Parameters<typeof personDecision>[2]['kind'], more = {}) =>
    personDecision(plan, state, { kind, by: 'Ann', ...more })

  it('says who did what and where, with the note', () => {
    expect(ask({ status: 'draft' }, 'start')).toEqual({
      kind: 'start',
      toStage: 0,
      because: { code: 'person' },
      sentence: 'Ann started the rollout with 5 % of accounts.',
      verdicts: [],
    })
    expect(ask(after('start'), 'pause', { note: ' support is short today ' }).sentence).toBe(
      'Ann paused the rollout at 5 % of accounts: support is short today',
    )
    expect(ask(after('start'), 'expand')).toMatchObject({
      toStage: 1,
      sentence: 'Ann expanded the rollout to 25 % of accounts.',
    })
    expect(ask(after('start', 'expand'), 'roll-back').sentence).toBe('Ann rolled the rollout back to 0 %.')
  })

  it('rolls back as the plan says, unless the person says otherwise', () => {
    const previous = canary({ rollBack: 'to-previous-stage' })
    const state = after('start', 'expand', 'expand')
    expect(personDecision(previous, state, { kind: 'roll-back', by: 'Ann' })).toMatchObject({
      toStage: 1,
      sentence: 'Ann rolled the rollout back to 25 % of accounts.',
    })
    expect(
      personDecision(previous, state, { kind: 'roll-back', by: 'Ann', rollBack: 'to-zero' }).toStage,
    ).toBeUndefined()
  })

  it('can be made in any state; apply refuses what does not fit', () => {
    for (const state of Object.values(STATES)) {
      for (const kind of ['start', 'expand', 'pause', 'resume', 'roll-back', 'complete', 'abort', 'retire'] as const) {
        expect(ask(state, kind).sentence).toMatch(/^Ann /)
      }
    }
    expect(
      apply(
        plan,
        STATES['in the last stage'] ?? { status: 'draft' },
        ask(STATES['in the last stage'] ?? { status: 'draft' }, 'expand'),
        T0,
      ),
    ).toHaveProperty('refused')
  })
})
