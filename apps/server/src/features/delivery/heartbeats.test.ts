import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { SseAudience, SseConnection } from '../../http/sse.ts'
import { Heartbeats } from './heartbeats.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function connect(heartbeats: Heartbeats, audience: SseAudience = 'sdk', keyId?: string) {
  const told: string[] = []
  const connection: SseConnection = {
    audience,
    beat: () => void told.push('beat'),
    write: frame => void told.push(String(frame)),
    close: () => void told.push('closed'),
  }
  heartbeats.add(connection, keyId)
  return { connection, told }
}

it('beats on every stream until it is taken off', () => {
  const heartbeats = new Heartbeats(15_000)
  const [one, other] = [connect(heartbeats), connect(heartbeats, 'page')]
  vi.advanceTimersByTime(30_000)
  heartbeats.remove(other.connection)
  vi.advanceTimersByTime(15_000)
  expect([one.told.length, other.told.length, heartbeats.size]).toEqual([3, 2, 1])
})

it('says to each audience what is for it, and closes what belongs to a key', () => {
  const heartbeats = new Heartbeats(15_000)
  const [sdk, page, dashboard] = [
    connect(heartbeats, 'sdk', 'k1'),
    connect(heartbeats, 'page', 'k2'),
    connect(heartbeats, 'dashboard'),
  ]
  heartbeats.tellAll({ sdk: Buffer.from('for SDKs'), page: Buffer.from('for pages') })
  heartbeats.closeKey('k2')
  expect([sdk.told, page.told, dashboard.told]).toEqual([['for SDKs'], ['for pages', 'closed'], []])
  expect(heartbeats.keyIds()).toEqual(['k1', 'k2'])
})

it('before it stops it ends all streams a few at a time, says when to come back, and lets nobody in', async () => {
  const heartbeats = new Heartbeats(15_000)
  const streams = Array.from({ length: 120 }, () => connect(heartbeats))
  heartbeats.assertOpen()
  const left = heartbeats.moveAway()
  expect(() => heartbeats.assertOpen()).toThrow('stopping')
  const ended = () => streams.filter(({ told }) => told.at(-1) === 'closed').length
  expect(ended()).toBe(50)
  await left
  expect(ended()).toBe(120)
  const waits = streams.map(({ told }) => Number(/^retry: (\d+)\n\n$/.exec(told[0] ?? '')?.[1]))
  expect(waits.every(ms => ms >= 250 && ms <= 2_250)).toBe(true)
  expect(new Set(waits).size).toBeGreaterThan(50)
})
