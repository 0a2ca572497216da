import { createClient } from '@dimmer/node'
import { afterAll, beforeAll, expect, it } from 'vitest'
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

it('takes a list of 100,000 ids, and not one more', async () => {
  const ids = Array.from({ length: 100_000 }, (_, index) => `acc-${index}`)
  await server.admin.putSegment('invoicing', 'many', { list: { unit: 'account', ids } })
  const tooMany = { list: { unit: 'account', ids: [...ids, 'acc-x'] } }
  await expect(server.admin.putSegment('invoicing', 'many', tooMany)).rejects.toMatchObject({
    code: 'invalid-request',
    message: expect.stringContaining('100,000'),
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
  await expect(server.admin.deleteSegment('invoicing', 'inner')).rejects.toMatchObject(refused)
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
