import type { ReadExperiment } from '@dimmer/protocol'
import { defineMetric } from '@dimmer/rollout'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { REDESIGN, RedesignUsers } from '../../../test/redesign-users.ts'
import { at, SAMPLE, startTestServer, type TestServer } from '../../../test/test-server.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const USERS = 4_000

const clock = { time: Date.UTC(2026, 4, 1, 12), now: () => clock.time }

let server: TestServer
let users: RedesignUsers
beforeAll(async () => {
  server = await startTestServer({ clock })
  users = new RedesignUsers({ url: server.url, key: await server.newKey(), clock, users: USERS, noise: 0.3 })
})
afterAll(() => server.stop())

const mean = (name: string, event: string) => defineMetric({ kind: 'mean', key: name, name, event, field: 'value' })
const CREATED = mean('invoices-created', 'invoice.created')
const EXPORTED = mean('pdf-exports', 'pdf.exported')

const read = (request: ReadExperiment) => server.admin.readExperiment(at(REDESIGN), request)

describe('the sample project’s A/B test', () => {
  beforeAll(async () => {
    await server.admin.uploadDirectory(SAMPLE.project, {
      accounts: [],
      users: users.ids.map((id, index) => ({ id, attributes: { plan: index % 4 === 0 ? 'pro' : 'free' } })),
    })
    await users.act(() => ({ created: 1, exported: 1 }))
    clock.time += DAY
    const redesigned = new Set((await users.serve()).flatMap(one => (one.variant === 'redesigned' ? [one.unitId] : [])))
    clock.time += DAY
    await users.act(id => (redesigned.has(id) ? { created: 1.12, exported: 0.92 } : { created: 1, exported: 1 }))
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

  it('reads by a metric of the library, which a key names', async () => {
    const [byKey] = (await read({ metrics: [{ key: 'invoices-created' }] })).metrics
    expect(byKey?.arms[0]).toMatchObject({ variant: 'redesigned', units: expect.any(Number) })
    await expect(read({ metrics: [{ key: 'lost' }] })).rejects.toThrow('There is no metric "lost" in this project.')
  })

  it('keeps counting those whom a share in front of the split holds out, as the split stays as it is', async () => {
    const before = await read({ metrics: [CREATED] })
    const rules = [{ id: 'preview', share: { unit: 'user', percent: 20 }, serve: { variant: 'redesigned' } }]
    const { environments } = await server.admin.getFlag(SAMPLE.project, REDESIGN)
    const current = environments.find(({ environment }) => environment === SAMPLE.environment)
    if (current === undefined) throw new Error('the flag is not in production')
    const { on, offVariant, prerequisites, fallthrough } = current
    await server.admin.putFlagConfig(at(REDESIGN), { on, offVariant, prerequisites, fallthrough, rules })
    const late = Array.from({ length: 500 }, (_, index) => `late-${index}`)
    const dealt = (await users.serve(late)).filter(({ rule }) => rule === null)
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
