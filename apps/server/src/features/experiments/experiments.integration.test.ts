import { randomUUID } from 'node:crypto'
import { compile, evaluate, type Snapshot } from '@dimmer/engine'
import type { EventBatchInput, FirstExposure, ReadExperiment } from '@dimmer/protocol'
import { defineMetric } from '@dimmer/rollout'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../../../../../packages/stats/test/random.ts'
import { at, SAMPLE, startTestServer, type TestServer } from '../../../test/test-server.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const USERS = 4_000
const FLAG = 'redesigned-dashboard'

const clock = { time: Date.UTC(2026, 4, 1, 12), now: () => clock.time }
const [random, ids] = [seededRandom(7), Array.from({ length: USERS }, (_, index) => `user-${index}`)]
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
/** Users are of very different sizes, and each does about as much as before. */
const sizes = new Map(ids.map(id => [id, 20 * Math.exp(0.8 * normal())]))
const amountOf = (id: string): number => (sizes.get(id) ?? 0) * Math.exp(0.3 * normal())

let server: TestServer
let key: string
beforeAll(async () => {
  server = await startTestServer({ clock })
  key = await server.newKey()
})
afterAll(() => server.stop())

const headers = () => ({ authorization: `Bearer ${key}`, 'content-type': 'application/json' })

async function send(parts: Pick<EventBatchInput, 'firstExposures' | 'tracks'>): Promise<void> {
  const body = JSON.stringify({ batchId: randomUUID(), sentAt: clock.time, ...parts })
  const { status } = await fetch(`${server.url}/sdk/v1/events`, { method: 'POST', headers: headers(), body })
  expect(status).toBe(202)
}

const partsOf = <T>(items: readonly T[]): readonly T[][] =>
  Array.from({ length: Math.ceil(items.length / 500) }, (_, part) => items.slice(part * 500, part * 500 + 500))

async function snapshot(): Promise<Snapshot> {
  return compile(await (await fetch(`${server.url}/sdk/v1/ruleset`, { headers: headers() })).json())
}

/** Each user gets the flag as its SDK would decide. */
async function serve(userIds: readonly string[]): Promise<FirstExposure[]> {
  const compiled = await snapshot()
  const exposures = userIds.map((userId): FirstExposure => {
    const { flagVersion, variant = '', reason, unit = '', heldOutBy = null } = evaluate(compiled, FLAG, { userId }, 0)
    const rule = reason.kind === 'rule' ? reason.ruleId : null
    return { flag: FLAG, flagVersion, variant, unit, unitId: userId, rule, heldOutBy, at: clock.time }
  })
  for (const firstExposures of partsOf(exposures)) await send({ firstExposures })
  return exposures
}

/** What users do, all at once: so many times as much as usual of either. */
async function act(times: (userId: string) => { readonly created: number; readonly exported: number }): Promise<void> {
  const tracks = ids.flatMap(id => {
    const { created, exported } = times(id)
    const track = { at: clock.time, units: { user: id } }
    return [
      { ...track, name: 'invoice.created', value: amountOf(id) * created },
      { ...track, name: 'pdf.exported', value: amountOf(id) * exported },
    ]
  })
  for (const part of partsOf(tracks)) await send({ tracks: part })
}

const mean = (name: string, event: string) => defineMetric({ kind: 'mean', key: name, name, event, field: 'value' })
const CREATED = mean('invoices-created', 'invoice.created')
const EXPORTED = mean('pdf-exports', 'pdf.exported')

const read = (request: ReadExperiment) => server.admin.readExperiment(at(FLAG), request)

describe('the sample project’s A/B test', () => {
  beforeAll(async () => {
    await server.admin.uploadDirectory(SAMPLE.project, {
      accounts: [],
      users: ids.map((id, index) => ({ id, attributes: { plan: index % 4 === 0 ? 'pro' : 'free' } })),
    })
    await act(() => ({ created: 1, exported: 1 }))
    clock.time += DAY
    const redesigned = new Set((await serve(ids)).flatMap(one => (one.variant === 'redesigned' ? [one.unitId] : [])))
    clock.time += DAY
    await act(id => (redesigned.has(id) ? { created: 1.12, exported: 0.92 } : { created: 1, exported: 1 }))
  }, 60_000)

  it('counts nobody before the window is over', async () => {
    const { metrics, arms } = await read({ metrics: [CREATED] })
    expect(arms.reduce((sum, { units }) => sum + units, 0)).toBe(USERS)
    expect(metrics[0]?.arms[0]).toMatchObject({ units: 0, sentence: 'invoices-created: nothing to compare yet.' })
  })

  it('finds +12 % invoices created and -8 % PDF exports', async () => {
    clock.time += 7 * DAY
    const reading = await read({ metrics: [CREATED, EXPORTED], segment: 'plan' })
    expect(reading).toMatchObject({ rule: null, unit: 'user', baseline: 'classic', crossed: 0 })
    expect(reading.sick).toBeUndefined()
    expect(reading.arms.map(({ variant, weight }) => [variant, weight])).toEqual([
      ['classic', 50],
      ['redesigned', 50],
    ])
    const [created, exported] = reading.metrics.map(metric => metric.arms[0])
    expect(created).toMatchObject({ variant: 'redesigned', verdict: 'better' })
    expect(created?.lift).toBeCloseTo(0.12, 1)
    expect(created?.lower).toBeGreaterThan(0)
    expect(created?.lower).toBeLessThan(0.12)
    expect(created?.upper).toBeGreaterThan(0.12)
    expect(exported).toMatchObject({ variant: 'redesigned', verdict: 'worse' })
    expect(exported?.lower).toBeLessThan(-0.08)
    expect(exported?.upper).toBeGreaterThan(-0.08)
    expect(exported?.upper).toBeLessThan(0)
    expect(created?.explained).toBeGreaterThan(0.5)
    expect(reading.metrics[0]?.segments.map(({ segment }) => segment)).toEqual(['free', 'pro'])
  })

  it('keeps counting those whom a share in front of the split holds out, as the split stays as it is', async () => {
    const before = await read({ metrics: [CREATED] })
    const rules = [{ id: 'preview', share: { unit: 'user', percent: 20 }, serve: { variant: 'redesigned' } }]
    const { environments } = await server.admin.getFlag(SAMPLE.project, FLAG)
    const current = environments.find(({ environment }) => environment === SAMPLE.environment)
    if (current === undefined) throw new Error('the flag is not in production')
    const { on, offVariant, prerequisites, fallthrough } = current
    await server.admin.putFlagConfig(at(FLAG), { on, offVariant, prerequisites, fallthrough, rules })
    const late = Array.from({ length: 500 }, (_, index) => `late-${index}`)
    const dealt = (await serve(late)).filter(({ rule }) => rule === null)
    expect(dealt.every(({ heldOutBy }) => heldOutBy === 'preview')).toBe(true)
    expect(dealt.length).toBeLessThan(late.length)
    const after = await read({ metrics: [CREATED] })
    expect(after.since).toEqual(before.since)
    const added = (variant: string) => {
      const unitsIn = (view: typeof after) => view.arms.find(arm => arm.variant === variant)?.units ?? 0
      return unitsIn(after) - unitsIn(before)
    }
    for (const name of ['classic', 'redesigned']) {
      expect(added(name)).toBe(dealt.filter(({ variant }) => variant === name).length)
    }
  })
})

describe('refuses, and says why,', () => {
  const errors = defineMetric({ kind: 'error-rate', key: 'errors', event: 'pdf.exported' })
  const SOON = defineMetric({ kind: 'mean', key: 'soon', event: 'pdf.exported', within: 'soon' })
  const cases: readonly [string, ReadExperiment, RegExp][] = [
    ['a rule that is not there', { rule: 'lost', metrics: [CREATED] }, /no rule "lost"/],
    ['a rule without a split', { rule: 'preview', metrics: [CREATED] }, /serves everybody "redesigned"; only a split/],
    ['a baseline that is not an arm', { baseline: 'lost', metrics: [CREATED] }, /its arms are classic, redesigned/],
    ['an error rate', { metrics: [errors] }, /not one number per unit/],
    ['a metric of another unit', { metrics: [{ ...CREATED, unit: 'account' }] }, /deals by user, not by account/],
    ['a key twice', { metrics: [CREATED, CREATED] }, /two metrics with the key/],
    ['a window that is none', { metrics: [SOON] }, /ISO 8601/],
  ]
  it.each(cases)('%s', async (_, request, message) => {
    await expect(read(request)).rejects.toThrow(message)
  })
})
