import { createClient } from '@dimmer/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { at, SAMPLE, startTestServer, type TestServer } from '../../../test/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())

const { project } = SAMPLE

const shareOf = (unit: string, percent: number) => ({
  on: true,
  offVariant: 'off',
  prerequisites: [],
  rules: [{ id: 'r', share: { unit, percent }, serve: { variant: 'on' } }],
  fallthrough: { variant: 'off' },
})

const versions = async () => (await server.admin.listProjects())[0]?.environments.map(({ version }) => version) ?? []

describe('a custom unit', () => {
  it('reaches the SDKs that are connected, and a share deals by it', async () => {
    const client = createClient({ url: server.url, sdkKey: await server.newKey(), log: () => undefined })
    await client.ready({ timeoutMs: 5_000 })
    const has = (context: object) => client.isEnabled('bulk-invoice-api', { accountId: 'acc-1', ...context })
    await server.admin.putUnit(project, 'workspace', { attribute: 'workspace.id' })
    await server.admin.putFlagConfig(at('bulk-invoice-api'), shareOf('workspace', 50))
    const workspaces = Array.from({ length: 1_000 }, (_, index) => ({ workspace: { id: `ws-${index}` } }))
    const count = () => workspaces.filter(has).length
    await expect.poll(count).toBeGreaterThan(400)
    expect(count()).toBeLessThan(600)
    expect(has({})).toBe(false)
    const late = createClient({ url: server.url, sdkKey: await server.newKey(), log: () => undefined })
    await late.ready({ timeoutMs: 5_000 })
    expect(workspaces.map(context => late.isEnabled('bulk-invoice-api', context))).toEqual(workspaces.map(has))
    await Promise.all([client.close(), late.close()])
  })

  it('is listed after the built-in ones, and with its project', async () => {
    const units = await server.admin.listUnits(project)
    expect(units.map(({ name }) => name)).toEqual([
      'account',
      'user',
      'organization',
      'session',
      'request',
      'workspace',
    ])
    expect(units.at(-1)).toEqual({ name: 'workspace', attribute: 'workspace.id', builtIn: false })
    expect((await server.admin.listProjects())[0]?.units).toEqual({ workspace: 'workspace.id' })
  })

  it('is a new version in every environment, and another attribute is taken while nothing counts by it', async () => {
    const before = await versions()
    await server.admin.putUnit(project, 'device', { attribute: 'deviceId' })
    await server.admin.putUnit(project, 'device', { attribute: 'device.id' })
    expect(await versions()).toEqual(before.map(version => version + 2))
    await server.admin.deleteUnit(project, 'device')
    expect((await server.admin.listProjects())[0]?.units).toEqual({ workspace: 'workspace.id' })
  })
})

describe('is refused', () => {
  it('when it clashes with a built-in unit, by name or by attribute', async () => {
    const before = await versions()
    await expect(server.admin.putUnit(project, 'account', { attribute: 'x' })).rejects.toMatchObject({
      code: 'invalid-unit',
      details: [{ path: 'name' }],
    })
    await expect(server.admin.putUnit(project, 'tenant', { attribute: 'accountId' })).rejects.toMatchObject({
      code: 'invalid-unit',
      message: expect.stringContaining('"account"'),
    })
    await expect(server.admin.putUnit(project, 'tenant', { attribute: 'a b' })).rejects.toMatchObject({
      code: 'invalid-request',
      details: [{ path: 'attribute' }],
    })
    expect(await versions()).toEqual(before)
  })

  it('to be removed or changed while a flag, a segment or a rollout counts by it, with their names', async () => {
    await server.admin.putUnit(project, 'team', { attribute: 'teamId' })
    await server.admin.putSegment(project, 'teams', { list: { unit: 'team', ids: ['a'] } })
    await server.admin.createRollout(project, {
      flag: 'maintenance-mode',
      environment: 'production',
      variant: 'on',
      unit: 'team',
      stages: [{ percent: 10, hold: 'PT1H' }],
    })
    const refusal = { status: 409, code: 'unit-in-use' }
    await expect(server.admin.deleteUnit(project, 'team')).rejects.toMatchObject({
      ...refusal,
      message: 'The unit "team" is in use: the segment "teams", the draft rollout of "maintenance-mode".',
    })
    await expect(server.admin.putUnit(project, 'team', { attribute: 'groupId' })).rejects.toMatchObject(refusal)
    await expect(server.admin.deleteUnit(project, 'workspace')).rejects.toMatchObject({
      ...refusal,
      message: expect.stringContaining('the flag "bulk-invoice-api" in production'),
    })
  })

  it('when it is not there, or nobody declared it', async () => {
    await expect(server.admin.deleteUnit(project, 'nothing')).rejects.toMatchObject({ code: 'unit-not-found' })
    await expect(server.admin.deleteUnit(project, 'user')).rejects.toMatchObject({ code: 'invalid-unit' })
    await expect(server.admin.putFlagConfig(at('ai-chatbot'), shareOf('planet', 5))).rejects.toMatchObject({
      code: 'invalid-flag',
      message: expect.stringContaining('workspace'),
    })
  })
})

it('a flag that was written while its unit was taken away is refused', async () => {
  await server.admin.putUnit(project, 'shop', { attribute: 'shopId' })
  const [written, removed] = await Promise.allSettled([
    server.admin.putFlagConfig(at('ai-chatbot'), shareOf('shop', 5)),
    server.admin.deleteUnit(project, 'shop'),
  ])
  expect([written.status, removed.status].toSorted()).toEqual(['fulfilled', 'rejected'])
})
