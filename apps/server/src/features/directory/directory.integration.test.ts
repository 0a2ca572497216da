import { AdminApiError, type FlagConfig } from '@dimmer/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { at, SAMPLE, startTestServer, type TestServer } from '../../../test/test-server.ts'

let server: TestServer
let now = Date.UTC(2026, 10, 21)
beforeAll(async () => {
  server = await startTestServer({ clock: { now: () => now } })
})
afterAll(() => server.stop())

const place = at('new-pdf-engine')

const withShare = (percent: number, unit = 'account'): FlagConfig => ({
  on: true,
  offVariant: 'off',
  prerequisites: [],
  rules: [{ id: 'rollout', name: 'First accounts', share: { unit, percent }, serve: { variant: 'on' } }],
  fallthrough: { variant: 'off' },
})

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'no refusal',
    (error: unknown) => (error instanceof AdminApiError ? error.code : String(error)),
  )

it('says so when nobody is known yet', async () => {
  const forecast = await server.admin.forecast(place, withShare(50))
  expect(forecast).toMatchObject({ accounts: { all: 0 }, users: { all: 0 } })
  expect(forecast.sentence).toMatch(/^The directory is empty/)
})

describe('with accounts and users', () => {
  beforeAll(async () => {
    const accounts = Array.from({ length: 200 }, (_, index) => ({
      id: `acc-${String(index).padStart(5, '0')}`,
      attributes: { plan: index % 10 === 0 ? 'enterprise' : 'free', mrr: index % 10 === 0 ? 1_000 + index : 0 },
    }))
    const users = Array.from({ length: 600 }, (_, index) => ({
      id: `usr-${index}`,
      accountId: `acc-${String(index % 200).padStart(5, '0')}`,
      attributes: { email: `user${index}@example.com` },
    }))
    expect(await server.admin.uploadDirectory(SAMPLE.project, { accounts, users })).toEqual({
      accounts: 200,
      users: 600,
    })
  })

  it('names exactly those whom the flag is served to after the change', async () => {
    const forecast = await server.admin.forecast(place, withShare(25))
    expect(forecast.accounts.all).toBe(200)
    expect(forecast.users.all).toBe(600)
    expect(forecast.users.after).toBe(3 * forecast.accounts.after)
    expect(forecast.accounts.losses.count).toBe(0)
    expect(forecast.sentence).toMatch(
      /^25 % of accounts = \d+ of 200; \d+ of the 20 enterprise accounts; 0 split teams$/,
    )
    const had = forecast.accounts.before
    await server.admin.setShare(place, 'rollout', { unit: 'account', percent: 25 })
    const done = await server.admin.forecast(place, withShare(25))
    expect(done.accounts).toMatchObject({ before: had + forecast.accounts.gains.count, gains: { count: 0 } })
    const key = await server.newKey()
    for (const { id } of forecast.accounts.gains.names.slice(0, 5)) {
      const answer = await fetch(`${server.url}/ofrep/v1/evaluate/flags/new-pdf-engine`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify({ context: { targetingKey: id, accountId: id } }),
      })
      expect(await answer.json()).toMatchObject({ value: true })
    }
  })

  it('tells apart by what is asked for', async () => {
    const forecast = await server.admin.forecast(place, withShare(100), { by: 'plan,nothing', biggestBy: 'mrr' })
    expect(forecast.breakdowns.map(({ attribute }) => attribute)).toEqual(['plan', 'nothing'])
    expect(forecast.breakdowns[0]?.rows).toMatchObject([
      { value: 'free', all: 180, after: 180 },
      { value: 'enterprise', all: 20, after: 20 },
    ])
    expect(forecast.biggest?.gained[0]?.value).toBeGreaterThan(1_000)
  })

  it('names 100 of a group at the most, and counts all', async () => {
    await server.admin.switchFlag(place, false)
    const { gains } = (await server.admin.forecast(place, withShare(100))).users
    expect([gains.count, gains.names.length]).toEqual([600, 100])
    await server.admin.switchFlag(place, true)
  })

  it('gives everybody of a group, page by page', async () => {
    const part = (offset: number, of: 'gains' | 'losses' = 'gains') =>
      server.admin.forecastNames(place, withShare(100), { of, unit: 'user', offset, limit: 250 })
    await server.admin.switchFlag(place, false)
    const pages = await Promise.all([part(0), part(250), part(500)])
    expect(pages.map(({ names, more }) => [names.length, more])).toEqual([
      [250, true],
      [250, true],
      [100, false],
    ])
    expect(new Set(pages.flatMap(({ names }) => names.map(({ id }) => id))).size).toBe(600)
    expect(await part(0, 'losses')).toEqual({ names: [], more: false })
    await server.admin.switchFlag(place, true)
    const { splitTeams } = await server.admin.forecast(place, withShare(50, 'user'))
    const teams = await server.admin.forecastNames(place, withShare(50, 'user'), { of: 'splitTeams' })
    expect(teams.names).toHaveLength(splitTeams.after)
  })

  it('counts whom a rule with a regular expression is meant for', async () => {
    const config = withShare(50)
    const when = { attribute: 'plan', op: 'matches', value: '^enter' } as const
    const rules = config.rules.map(rule => ({ ...rule, when }))
    const { shares, accounts } = await server.admin.forecast(place, { ...config, rules })
    expect(shares).toMatchObject([{ audience: 20, nominalPercent: 50, served: accounts.after }])
  })

  it('sees split teams when users are dealt one by one', async () => {
    const { splitTeams, sentence } = await server.admin.forecast(place, withShare(50, 'user'))
    expect(splitTeams.after).toBeGreaterThan(100)
    expect(sentence).toContain(`${splitTeams.after} split teams`)
  })

  it('learns from an upload at once, and keeps what was known', async () => {
    await server.admin.uploadDirectory(SAMPLE.project, {
      accounts: [{ id: 'acc-00001', attributes: { country: 'DE' } }],
      users: [{ id: 'loner', attributes: {} }],
    })
    const forecast = await server.admin.forecast(place, withShare(5), { by: 'country,plan' })
    expect(forecast.users.all).toBe(601)
    expect(forecast.breakdowns[0]?.rows).toMatchObject([
      { value: null, all: 199 },
      { value: 'DE', all: 1 },
    ])
    expect(forecast.breakdowns[1]?.rows).toMatchObject([{ all: 180 }, { all: 20 }])
  })

  it('learns from identify within seconds', async () => {
    const key = await server.newKey()
    await server.admin.forecast(place, withShare(5))
    const sent = await fetch(`${server.url}/sdk/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({
        batchId: 'batch-one',
        sentAt: now,
        identifies: [{ at: now, units: { account: 'new-account', user: 'new-user' }, attributes: {} }],
      }),
    })
    expect(sent.status).toBe(202)
    now += 6_000
    const { accounts, directoryAt } = await server.admin.forecast(place, withShare(5))
    expect(accounts.all).toBe(201)
    expect(directoryAt).toBe(new Date(now).toISOString())
  })
})

describe('refuses', () => {
  it('what saving would refuse', async () => {
    const wrong = { ...withShare(5), offVariant: 'blue' }
    expect(await codeOf(server.admin.forecast(place, wrong))).toBe('invalid-flag')
    expect(await codeOf(server.admin.putFlagConfig(place, wrong))).toBe('invalid-flag')
    expect(await codeOf(server.admin.forecast(place, withShare(101)))).toBe('invalid-request')
    const circle = { ...withShare(5), prerequisites: [{ flag: 'new-pdf-engine', variants: ['on'] }] }
    expect(await codeOf(server.admin.forecast(place, circle))).toBe('invalid-flag')
  })

  it('what is not there', async () => {
    expect(await codeOf(server.admin.forecast(at('nothing'), withShare(5)))).toBe('flag-not-found')
    expect(await codeOf(server.admin.forecast({ ...place, environment: 'moon' }, withShare(5)))).toBe(
      'environment-not-found',
    )
    expect(await codeOf(server.admin.uploadDirectory('nothing', {}))).toBe('project-not-found')
  })

  it('more than a batch, and ids that are none', async () => {
    const accounts = Array.from({ length: 5_001 }, (_, index) => ({ id: `a${index}`, attributes: {} }))
    expect(await codeOf(server.admin.uploadDirectory(SAMPLE.project, { accounts }))).toBe('invalid-request')
    const nameless = { accounts: [{ id: '', attributes: {} }] }
    expect(await codeOf(server.admin.uploadDirectory(SAMPLE.project, nameless))).toBe('invalid-request')
  })
})
