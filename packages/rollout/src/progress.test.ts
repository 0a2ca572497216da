import { progress, type RolloutState } from '@dimmer/rollout'
import { expect, it } from 'vitest'
import { canary, DAY, HOUR, T0 } from '../test/plans.ts'

const plan = canary()
const begun = { stage: 1, stageStartedAt: T0, heldMs: 2 * HOUR }

const statuses = (state: RolloutState): string[] => progress(plan, state, T0).map(({ status }) => status)

it('shows a running rollout: done, current with what remains, and the earliest start of the stages ahead', () => {
  const state: RolloutState = { status: 'running', phase: 'exposing', ...begun, holdingSince: T0 + 10 * HOUR }
  const now = T0 + 16 * HOUR
  expect(progress(plan, state, now)).toEqual([
    { index: 0, name: 'Canary', percent: 5, status: 'done', holdMs: DAY, heldMs: DAY, remainingMs: 0 },
    {
      index: 1,
      name: 'Quarter',
      percent: 25,
      status: 'current',
      holdMs: DAY,
      heldMs: 8 * HOUR,
      remainingMs: 16 * HOUR,
      startsAt: T0,
    },
    {
      index: 2,
      name: 'Half',
      percent: 50,
      status: 'ahead',
      holdMs: DAY,
      heldMs: 0,
      remainingMs: DAY,
      startsAt: now + 16 * HOUR,
    },
    {
      index: 3,
      name: 'Everybody',
      percent: 100,
      status: 'ahead',
      holdMs: DAY,
      heldMs: 0,
      remainingMs: DAY,
      startsAt: now + 40 * HOUR,
    },
  ])
})

it('shows a hold that is over: nothing remains, the next stage can begin now', () => {
  const state: RolloutState = { status: 'running', phase: 'holding', ...begun, holdingSince: T0 }
  const [, current, next] = progress(plan, state, T0 + 3 * DAY)
  expect(current).toMatchObject({ heldMs: 3 * DAY + 2 * HOUR, remainingMs: 0 })
  expect(next?.startsAt).toBe(T0 + 3 * DAY)
})

it('shows a pause: the clock stands still, and nobody knows when it goes on', () => {
  const state: RolloutState = { status: 'paused', ...begun, pausedAt: T0, why: '' }
  const [, current, next] = progress(plan, state, T0 + 9 * DAY)
  expect(current).toMatchObject({ status: 'current', heldMs: 2 * HOUR, remainingMs: 22 * HOUR })
  expect(next).not.toHaveProperty('startsAt')
})

it('shows where every other state stands', () => {
  const rolledBack = {
    status: 'rolled-back',
    stage: 2,
    stageStartedAt: T0,
    heldMs: HOUR,
    rolledBackAt: T0,
    why: '',
  } as const
  expect(statuses({ status: 'draft' })).toEqual(['ahead', 'ahead', 'ahead', 'ahead'])
  expect(statuses({ status: 'completed', ...begun, stage: 3, completedAt: T0 })).toEqual([
    'done',
    'done',
    'done',
    'done',
  ])
  expect(statuses({ status: 'retired', retiredAt: T0 })).toEqual(['done', 'done', 'done', 'done'])
  expect(statuses(rolledBack)).toEqual(['done', 'done', 'rolled-back', 'ahead'])
  expect(statuses({ ...rolledBack, keptStage: 0 })).toEqual(['done', 'rolled-back', 'rolled-back', 'ahead'])
  expect(statuses({ status: 'aborted', abortedAt: T0, why: '' })).toEqual(['ahead', 'ahead', 'ahead', 'ahead'])
  expect(statuses({ status: 'aborted', abortedAt: T0, why: '', stage: 1 })).toEqual([
    'done',
    'current',
    'ahead',
    'ahead',
  ])
})

it('names stages that have no name by their number', () => {
  const unnamed = canary({ stages: [{ percent: 100, hold: 'PT1H' }] })
  expect(progress(unnamed, { status: 'draft' }, T0)[0]?.name).toBe('Stage 1')
})
