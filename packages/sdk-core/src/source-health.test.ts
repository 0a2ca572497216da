import fc from 'fast-check'
import { expect, it } from 'vitest'
import { SourceHealth, type SourceState } from './source-health.ts'

function rig() {
  const states: SourceState[] = []
  const clock = { now: 5_000 }
  const health = new SourceHealth({ now: () => clock.now, onState: state => states.push(state) })
  return { health, states, clock }
}

it('starts, goes live, falls back to polls, goes stale, and comes back', () => {
  const { health, states } = rig()
  expect(health.state).toBe('starting')
  health.live()
  health.outOfStep()
  health.polled(true)
  health.polled(false)
  health.live()
  health.stop()
  expect(states).toEqual(['live', 'stale', 'polling', 'stale', 'live', 'offline'])
})

it('is offline when nobody answers and there are no values, stale when there are some', () => {
  const { health } = rig()
  health.polled(false)
  expect(health).toMatchObject({ state: 'offline', settled: false })
  health.haveValues(undefined)
  expect(health).toMatchObject({ state: 'stale', settled: true, ageMs: undefined })
})

it('keeps starting with values from elsewhere until the server was asked', () => {
  const { health, clock } = rig()
  health.haveValues(60_000)
  expect(health).toMatchObject({ state: 'starting', settled: false, ageMs: 60_000 })
  clock.now += 1_000
  expect(health.ageMs).toBe(61_000)
  health.polled(false)
  expect(health).toMatchObject({ state: 'stale', settled: true, ageMs: 61_000 })
  health.polled(true)
  expect(health).toMatchObject({ state: 'polling', ageMs: 0 })
})

it('tells each state once', () => {
  const { health, states } = rig()
  health.live()
  health.live()
  health.outOfStep()
  health.outOfStep()
  expect(states).toEqual(['live', 'stale'])
})

type Step = (health: SourceHealth, facts: { inStep: boolean; poll: 'none' | 'ok' | 'failed' }) => void
const steps: readonly Step[] = [
  (health, facts) => {
    health.live()
    Object.assign(facts, { inStep: true, poll: 'none' })
  },
  (health, facts) => {
    health.outOfStep()
    facts.inStep = false
  },
  (health, facts) => {
    health.polled(true)
    facts.poll = 'ok'
  },
  (health, facts) => {
    health.polled(false)
    facts.poll = 'failed'
  },
  health => health.haveValues(undefined),
]

it('is live or polling exactly when the server has confirmed it, whatever happens', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...steps), { maxLength: 40 }), list => {
      const { health } = rig()
      const facts = { inStep: false, poll: 'none' as const }
      for (const step of list) {
        step(health, facts)
        expect(health.state === 'live').toBe(facts.inStep)
        expect(health.state === 'polling').toBe(!facts.inStep && String(facts.poll) === 'ok')
      }
      health.stop()
      expect(health.state).toBe('offline')
    }),
  )
})
