import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BackOff, RECONNECT } from './back-off.ts'

function rig(dice = 1) {
  const clock = { now: 0 }
  const backOff = new BackOff({
    random: () => dice,
    now: () => clock.now,
    baseMs: 500,
    capMs: 30_000,
    stableAfterMs: 60_000,
  })
  return { backOff, clock }
}

/** Lets each delay go by. */
function delays({ backOff, clock }: ReturnType<typeof rig>, count: number): readonly number[] {
  return Array.from({ length: count }, () => {
    const delay = backOff.next()
    clock.now += delay
    return delay
  })
}

it('draws below the base and the time since the first failure, up to the cap', () => {
  expect(delays(rig(), 8)).toEqual([500, 1e3, 2e3, 4e3, 8e3, 16e3, 3e4, 3e4])
  expect(delays(rig(0.5), 3)).toEqual([250, 375, 562.5])
  expect(delays(rig(0), 2)).toEqual([0, 0])
})

it('counts how long the attempts took: a server that is slow to fail is asked less', () => {
  const { backOff, clock } = rig()
  backOff.next()
  clock.now += 500 + 10_000
  expect(backOff.next()).toBe(11_000)
})

it('does not start over because a stream opened, only because it held', () => {
  const { backOff, clock } = rig()
  expect(backOff.next()).toBe(500)
  clock.now += 500
  backOff.up()
  clock.now += 59_999
  expect(backOff.next()).toBe(1_000)
  clock.now += 1_000
  backOff.up()
  clock.now += 30_000
  backOff.up()
  clock.now += 30_000
  expect(backOff.next()).toBe(500)
  clock.now += 500
  expect(backOff.next()).toBe(1_000)
})

it('starts over once a request was answered', () => {
  const { backOff, clock } = rig()
  backOff.next()
  clock.now += 5_000
  backOff.next()
  backOff.reset()
  clock.now += 5_000
  expect(backOff.next()).toBe(500)
})

it('waits as long as the server asks, and then by chance: all were told the same', () => {
  expect(rig(0).backOff.next(5_000)).toBe(5_000)
  expect(rig(0.5).backOff.next(5_000)).toBe(5_250)
})

/** Park and Miller's generator: the same herd at every run. */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

/** All lose their streams at 0 and try again until the server is there. Gives the times of all attempts, in ms. */
function herd(clients: number, awayMs: number, seed = 7) {
  const random = dice(seed)
  const attempts: number[] = []
  let lastBack = 0
  for (let i = 0; i < clients; i++) {
    let at = 0
    const backOff = new BackOff({ ...RECONNECT, random, now: () => at })
    for (at += backOff.next(); at < awayMs; at += backOff.next()) attempts.push(at)
    attempts.push(at)
    lastBack = Math.max(lastBack, at)
  }
  return { attempts, backAfterMs: lastBack - awayMs }
}

/** The most that fall into one second, whole seconds from `from` on. */
function peak(attempts: readonly number[], from: number): number {
  const perSecond = new Map<number, number>()
  for (const at of attempts) {
    const second = Math.floor((at - from) / 1_000)
    if (second >= 0) perSecond.set(second, (perSecond.get(second) ?? 0) + 1)
  }
  return Math.max(...perSecond.values())
}

describe('given 5,000 clients that lose their server at once', () => {
  it('has them back within the time that it was away and a second more, and none after more than half a minute', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 120_000 }), fc.integer({ min: 1, max: 2 ** 31 - 2 }), (awayMs, seed) => {
        const { backAfterMs } = herd(200, awayMs, seed)
        expect(backAfterMs).toBeLessThanOrEqual(Math.min(awayMs + RECONNECT.baseMs, RECONNECT.capMs))
      }),
    )
  })

  it.each([500, 1_000, 2_000, 4_000, 8_000])('has all back within 10 s after %i ms away', awayMs => {
    expect(herd(5_000, awayMs).backAfterMs).toBeLessThan(10_000)
  })

  it.each([500, 2_000, 8_000, 60_000])('never sends more than 2 attempts for each in a second, %i ms away', awayMs => {
    const { attempts } = herd(5_000, awayMs)
    expect(peak(attempts, 0)).toBeLessThan(2 * 5_000)
    // What reaches the server that is back.
    expect(peak(attempts, awayMs)).toBeLessThanOrEqual(5_000)
  })

  it('asks less and less of a server that stays away', () => {
    const { attempts } = herd(5_000, 120_000)
    expect(peak(attempts, 30_000)).toBeLessThan(800)
    expect(attempts.length / 5_000).toBeLessThan(20)
  })
})
