import { createClient } from '@dimmer/node'
import { putSegmentSchema } from '@dimmer/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { at, SAMPLE, startTestServer, type TestServer } from '../../../test/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())

const forSegment = (segment: string) => ({
  on: true,
  offVariant: 'off',
  prerequisites: [],
  rules: [{ id: 'r', when: { segment }, serve: { variant: 'on' } }],
  fallthrough: { variant: 'off' },
})

it('a segment reaches the SDKs, and so does each change of it', async () => {
  await server.admin.putSegment('invoicing', 'pilots', { list: { unit: 'account', ids: ['acc-1', 'acc-2'] } })
  await server.admin.putFlagConfig(at('bulk-invoice-api'), forSegment('pilots'))
  const client = createClient({ url: server.url, sdkKey: await server.newKey(), log: () => undefined })
  await client.ready({ timeoutMs: 5_000 })
  const has = (accountId: string, plan = 'pro') => client.isEnabled('bulk-invoice-api', { accountId, plan })
  expect([has('acc-1'), has('acc-3')]).toEqual([true, false])
  await server.admin.putSegment('invoicing', 'pilots', {
    when: { attribute: 'plan', op: 'equals', value: 'enterprise' },
    exclude: { unit: 'account', ids: ['acc-9'] },
  })
  await expect.poll(() => has('acc-1')).toBe(false)
  expect([has('acc-3', 'enterprise'), has('acc-9', 'enterprise')]).toEqual([true, false])
  const { flag } = await server.admin.switchFlag(at('bulk-invoice-api'), true)
  expect(flag.key).toBe('bulk-invoice-api')
  await client.close()
})

it('takes a long list, shows its size and first ids, and gives any part of it', async () => {
  const ids = Array.from({ length: 200_000 }, (_, index) => `acc-${index}`)
  const made = await server.admin.putSegment('invoicing', 'many', { list: { unit: 'account', ids } })
  expect(made.list).toEqual({ unit: 'account', count: 200_000, sample: ids.slice(0, 10) })
  const { body } = await forSegmentPart({ of: 'list', offset: 199_998 })
  expect(body).toEqual({ total: 200_000, ids: ['acc-199998', 'acc-199999'] })
  await server.admin.deleteSegment('invoicing', 'many')
})

it('takes a list of 1,000,000 ids, and not one more', () => {
  const ids = Array.from({ length: 1_000_000 }, (_, index) => `acc-${index}`)
  const read = (list: readonly string[]) => putSegmentSchema.safeParse({ list: { unit: 'account', ids: list } })
  expect(read(ids).success).toBe(true)
  expect(read([...ids, 'acc-x']).error?.issues[0]).toMatchObject({ message: 'a list has 1,000,000 ids at the most' })
})

const forSegmentPart = async (part: { of: 'list'; offset: number }) => ({
  body: await server.admin.listSegmentIds('invoicing', 'many', part),
})

describe('a change of parts', () => {
  const place = ['invoicing', 'parts'] as const
  const list = { unit: 'account', ids: ['a', 'b'] }

  it('keeps what it does not name, and takes away what is null', async () => {
    const when = { attribute: 'plan', op: 'exists' } as const
    await server.admin.putSegment(...place, { name: 'Parts', list, exclude: { unit: 'user', ids: ['u'] } })
    await server.admin.patchSegment(...place, { when, exclude: null })
    expect(await server.admin.getSegment(...place)).toMatchObject({
      name: 'Parts',
      when,
      list: { unit: 'account', count: 2, sample: ['a', 'b'] },
      usedBy: [],
    })
    expect(await server.admin.getSegment(...place)).not.toHaveProperty('exclude')
    const renamed = await server.admin.patchSegment(...place, { name: 'Others', when: null })
    expect([renamed.name, renamed.when, renamed.list?.count]).toEqual(['Others', undefined, 2])
  })

  it('is refused when somebody was faster, and when there is nothing to change', async () => {
    const { updatedAt } = await server.admin.getSegment(...place)
    await new Promise(resolve => setTimeout(resolve, 2))
    await server.admin.patchSegment(...place, { name: 'New', ifUpdatedAt: updatedAt })
    await expect(server.admin.patchSegment(...place, { name: 'Late', ifUpdatedAt: updatedAt })).rejects.toMatchObject({
      code: 'version-conflict',
    })
    await expect(server.admin.patchSegment('invoicing', 'nobody', { name: 'x' })).rejects.toMatchObject({
      code: 'segment-not-found',
    })
  })

  it('can be counted over the directory before it is made', async () => {
    const accounts = Array.from({ length: 300 }, (_, index) => ({
      id: `m-${index}`,
      attributes: { name: `Company ${index}`, plan: index < 120 ? 'pro' : 'free' },
    }))
    await server.admin.uploadDirectory('invoicing', {
      accounts,
      users: [{ id: 'u', accountId: 'm-1', attributes: {} }],
    })
    const when = { attribute: 'plan', op: 'equals', value: 'pro' } as const
    const members = await server.admin.segmentMembers('invoicing', 'not-yet', {
      when,
      exclude: { unit: 'account', ids: ['m-0'] },
    })
    expect(members).toMatchObject({ accounts: { count: 119, all: 300 }, users: { count: 1, all: 1 } })
    expect(members.accounts.names).toHaveLength(100)
    await expect(
      server.admin.segmentMembers('invoicing', 'not-yet', { when: { segment: 'not-yet' } }),
    ).rejects.toMatchObject({ code: 'invalid-segment', details: [{ path: 'when' }] })
  })
})

it('refuses what would make no sense, and changes nothing', async () => {
  await server.admin.putSegment('invoicing', 'inner', { when: { attribute: 'plan', op: 'exists' } })
  await server.admin.putSegment('invoicing', 'outer', { when: { segment: 'inner' } })
  const before = [await server.admin.listSegments('invoicing'), await server.admin.listProjects()]
  const refused = { status: 422, code: 'invalid-segment' }
  await expect(server.admin.putSegment('invoicing', 'inner', { when: { segment: 'outer' } })).rejects.toMatchObject(
    refused,
  )
  await expect(server.admin.deleteSegment('invoicing', 'inner')).rejects.toMatchObject({
    status: 409,
    code: 'segment-in-use',
    message: 'The segment "inner" is in use: the segment "outer".',
  })
  await expect(server.admin.deleteSegment('invoicing', 'pilots')).rejects.toMatchObject({
    code: 'segment-in-use',
    message: expect.stringContaining('the rule "r" of "bulk-invoice-api" in production'),
  })
  await expect(
    server.admin.putSegment('invoicing', 'inner', { list: { unit: 'planet', ids: ['a'] } }),
  ).rejects.toMatchObject(refused)
  await expect(server.admin.deleteSegment('invoicing', 'nobody')).rejects.toMatchObject({ code: 'segment-not-found' })
  expect([await server.admin.listSegments('invoicing'), await server.admin.listProjects()]).toEqual(before)
  await expect(server.admin.putFlagConfig(at('ai-chatbot'), forSegment('nobody'))).rejects.toMatchObject({
    code: 'invalid-flag',
    message: expect.stringContaining('nobody'),
  })
})

it('is a new version in every environment', async () => {
  const versions = async () => (await server.admin.listProjects())[0]?.environments.map(({ version }) => version) ?? []
  const before = await versions()
  await server.admin.putSegment(SAMPLE.project, 'inner', { when: { attribute: 'country', op: 'exists' } })
  await server.admin.deleteSegment(SAMPLE.project, 'outer')
  expect(await versions()).toEqual(before.map(version => version + 2))
})
