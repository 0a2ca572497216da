import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type StartedExample, startExample } from '../../test/start-example.ts'
import { lacksTaxNumbers } from '../population/invoices.ts'
import { createPopulation } from '../population/population.ts'
import { runTraffic, type TrafficResult } from './traffic.ts'

const population = createPopulation()
let example: StartedExample
beforeAll(async () => {
  example = await startExample(population, {
    situation: { version: 1, percent: 50 },
    engineRelease: '2.0.0',
    renderTimeoutMs: 300,
  })
})
afterAll(() => example.close())

const onNew = (accountId: string) => example.client.isEnabled('new-pdf-engine', { accountId })

describe('traffic', () => {
  it('sends as many requests as asked for, and each account gets the engine that its flag says', async () => {
    const results: TrafficResult[] = []
    const baseUrls = [example.api.url]
    const summary = await runTraffic({ baseUrls, population, requests: 100, onResult: result => results.push(result) })
    const { classic, new: fresh } = summary.byEngine
    expect(summary.sent).toBe(100)
    expect(summary.ok + summary.failed).toBe(100)
    expect(classic.ok + fresh.ok).toBe(summary.ok)
    expect(classic.failed + fresh.failed).toBe(summary.failed)
    expect(results).toHaveLength(100)
    expect([...summary.accountsOnNew].every(onNew)).toBe(true)
    expect([...summary.accountsOnClassic].some(onNew)).toBe(false)
    expect(summary.accountsOnNew.size).toBeGreaterThan(30)
    expect(results.filter(result => result.ok).every(result => result.bytes > 1_000)).toBe(true)
  })

  it('from big accounts fails on the defective engine, and only there', async () => {
    const big = population.accounts.filter(account => account.big && !lacksTaxNumbers(account))
    const baseUrls = [example.api.url]
    const summary = await runTraffic({ baseUrls, population, requests: 10, accounts: random => random.pick(big) })
    expect(summary.byEngine.new.failed).toBeGreaterThan(1)
    expect(summary.byEngine.classic.failed).toBe(0)
    expect(summary.byEngine.classic.ok).toBeGreaterThan(1)
  })

  it('is the same for the same seed, and prefers accounts with many seats when told so', async () => {
    const accountsFor = async (accounts: 'uniform' | 'seats', seed: string) => {
      const asked: string[] = []
      const onResult = ({ accountId }: TrafficResult) => asked.push(accountId)
      const few = { baseUrls: ['http://127.0.0.1:1'], population, requests: 300, concurrency: 1 }
      await runTraffic({ ...few, accounts, seed, onResult })
      return asked
    }
    const paying = (ids: string[]) => ids.filter(id => population.account(id)?.plan === 'enterprise').length
    const bySeats = await accountsFor('seats', 'a')
    expect(await accountsFor('seats', 'a')).toEqual(bySeats)
    expect(await accountsFor('seats', 'b')).not.toEqual(bySeats)
    expect(paying(bySeats)).toBeGreaterThan(100)
    expect(paying(await accountsFor('uniform', 'a'))).toBeLessThan(20)
  })

  it('counts requests without an answer as failed, on no engine', async () => {
    const summary = await runTraffic({ baseUrls: ['http://127.0.0.1:1'], population, requests: 3 })
    expect(summary).toMatchObject({ sent: 3, failed: 3, byEngine: { new: { failed: 0 }, classic: { failed: 0 } } })
  })

  it('ends early when its time is up or its signal says so', async () => {
    const endless = { baseUrls: [example.api.url], population, requests: 1_000_000, perSecond: 100 }
    expect((await runTraffic({ ...endless, durationMs: 80 })).sent).toBeLessThanOrEqual(8)
    const signal = AbortSignal.timeout(40)
    expect((await runTraffic({ ...endless, perSecond: 1, signal })).sent).toBeLessThanOrEqual(1)
    expect((await runTraffic({ ...endless, signal })).sent).toBe(0)
  })
})
