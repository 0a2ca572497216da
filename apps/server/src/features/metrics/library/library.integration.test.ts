import { randomUUID } from 'node:crypto'
import type { Goal, MetricGuardrail } from '@dimmer/rollout'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SAMPLE, startTestServer, type TestServer } from '../../../../test/test-server.ts'

const { project, environment } = SAMPLE
const clock = { time: Date.UTC(2026, 4, 1, 12), now: () => clock.time }

let server: TestServer
let key: string
beforeAll(async () => {
  server = await startTestServer({ clock })
  key = await server.newKey()
})
afterAll(() => server.stop())

const USED = { kind: 'adoption', name: 'PDF adoption', event: 'pdf.made' } as const
const put = (metric: string, parts: Parameters<TestServer['admin']['putMetric']>[2]) =>
  server.admin.putMetric(project, metric, parts)
const get = (metric: string) => server.admin.getMetric(project, metric, { environment })

const track = (name: string, account: string, ok = true) =>
  fetch(`${server.url}/sdk/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      batchId: randomUUID(),
      sentAt: clock.time,
      tracks: [{ name, at: clock.time, units: { account }, ok }],
    }),
  })

interface Judged {
  readonly guardrails?: readonly MetricGuardrail[]
  readonly goals?: readonly Goal[]
}

const draft = (parts: Judged, flag = 'bulk-invoice-api') =>
  server.admin.createRollout(project, {
    flag,
    environment,
    variant: 'on',
    unit: 'account',
    stages: [{ percent: 10, hold: 'PT1H' }],
    ...parts,
  })
const guardedBy = (metric: MetricGuardrail['metric']): Judged => ({
  guardrails: [{ id: 'used', kind: 'metric', metric, limit: { value: 0.15 } }],
})

describe('a metric', () => {
  it('takes what is usual from the catalogue, and gets a version with each change', async () => {
    const made = await put('usual', USED)
    expect(made.definition).toEqual({ ...USED, key: 'usual', version: 1, worse: 'lower', within: 'PT48H' })
    clock.time += 1_000
    const changed = await put('usual', { ...USED, within: 'P7D' })
    expect(changed.definition).toMatchObject({ version: 2, within: 'P7D' })
    expect(changed.versions.map(({ definition }) => definition.version)).toEqual([2, 1])
    expect(Date.parse(changed.changedAt) - Date.parse(changed.createdAt)).toBe(1_000)
  })

  it('stays the version it is when the same is put again', async () => {
    await put('same', USED)
    expect((await put('same', { ...USED, within: 'PT48H' })).definition.version).toBe(1)
  })

  it('goes on with its numbers when its key is used again after it was deleted', async () => {
    await put('again', USED)
    await server.admin.deleteMetric(project, 'again')
    await expect(get('again')).rejects.toMatchObject({ status: 404, code: 'metric-not-found' })
    expect((await server.admin.listMetrics(project)).map(({ definition }) => definition.key)).not.toContain('again')
    expect((await put('again', USED)).definition.version).toBe(2)
  })

  it('is not changed by somebody who did not see its newest version', async () => {
    await put('raced', USED)
    await expect(put('raced', { ...USED, within: 'P1D', ifVersion: 0 })).rejects.toMatchObject({
      code: 'version-conflict',
      message: 'The metric "raced" has moved on: its newest version is 1, and you changed version 0.',
    })
    const both = [1, 2].map(days => put('raced', { ...USED, within: `P${days}D`, ifVersion: 1 }))
    const outcomes = (await Promise.allSettled(both)).map(({ status }) => status)
    expect(outcomes.toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  it('that makes no sense is refused, and says where', async () => {
    await expect(put('odd', { ...USED, within: 'soon' })).rejects.toMatchObject({
      status: 422,
      code: 'invalid-metric',
      details: [{ path: 'within', message: expect.stringContaining('ISO 8601') }],
    })
    await expect(get('odd')).rejects.toMatchObject({ code: 'metric-not-found' })
  })

  it('says whether its event arrives, how often, and that a name has never arrived', async () => {
    await put('health', { ...USED, event: 'health.checked' })
    expect((await get('health')).health).toMatchObject({
      state: 'never',
      sentence: expect.stringContaining('"health.checked" has never arrived here'),
    })
    for (const account of ['a', 'b', 'b', 'c', 'c']) await track('health.checked', account, account !== 'c')
    clock.time += 60_000
    const { health } = await get('health')
    expect(health).toMatchObject({ state: 'arriving', perMinute: 1, units: ['account'] })
    expect(await server.admin.eventTraffic(project, environment, { event: 'health.checked', unit: 'account' })).toEqual(
      {
        overMs: expect.any(Number),
        units: 3,
        failingUnits: 1,
        events: 5,
      },
    )
    const never = await server.admin.eventTraffic(project, environment, { event: 'health.checked', unit: 'user' })
    expect(never).toMatchObject({ overMs: 0, units: 0 })
  })
})

describe('a rollout that is judged by a metric of the library', () => {
  it('names it by key, and keeps the version it began with when that is renamed and counts something else', async () => {
    await put('renamed', { ...USED, event: 'old.name' })
    const { id, plan } = await draft({
      ...guardedBy({ key: 'renamed' }),
      goals: [{ id: 'aim', metric: { key: 'renamed', version: 1 }, target: 0.3 }],
    })
    await server.admin.actOnRollout(project, id, { action: 'start' })
    await put('renamed', { kind: 'conversion', name: 'Other', event: 'new.name' })
    await server.application.runner.lookAtAll()
    const rollout = await server.admin.getRollout(project, id)
    expect(rollout.plan).toEqual(plan)
    expect(plan.guardrails[0]).toMatchObject({ metric: { ...USED, event: 'old.name', version: 1 } })
    expect(rollout.verdicts.map(({ kind, sentence }) => [kind, sentence])).toEqual([
      ['no-data', expect.stringContaining('No old.name has ever arrived')],
      ['no-data', expect.stringContaining('No old.name has ever arrived')],
    ])
    const { definition, usedBy } = await get('renamed')
    expect(definition.version).toBe(2)
    const use = { rollout: id, flag: 'bulk-invoice-api', environment, status: 'running', version: 1 }
    expect(usedBy).toEqual([
      { ...use, id: 'used', as: 'guardrail' },
      { ...use, id: 'aim', as: 'goal' },
    ])
    await expect(server.admin.deleteMetric(project, 'renamed')).rejects.toMatchObject({
      status: 409,
      code: 'metric-in-use',
      message: 'The metric "renamed" is in use: the running rollout of "bulk-invoice-api" in production.',
    })
    await server.admin.actOnRollout(project, id, { action: 'abort' })
    await server.admin.deleteMetric(project, 'renamed')
  })

  it('is refused where the library has no such metric or version', async () => {
    await put('lone', USED)
    await expect(draft(guardedBy({ key: 'lost' }))).rejects.toMatchObject({
      code: 'invalid-plan',
      message: expect.stringContaining('There is no metric "lost" in this project.'),
    })
    await expect(draft(guardedBy({ key: 'lone', version: 7 }))).rejects.toMatchObject({
      message: expect.stringContaining('There is no metric "lone" version 7'),
    })
  })

  it('does not hold on to a metric of the library that has only its key', async () => {
    await put('twin', USED)
    const own = { ...USED, key: 'twin', version: 1, worse: 'lower', event: 'something.else', within: 'P1D' } as const
    await draft(guardedBy(own), 'ai-chatbot')
    expect((await get('twin')).usedBy).toEqual([])
    await server.admin.deleteMetric(project, 'twin')
  })
})
