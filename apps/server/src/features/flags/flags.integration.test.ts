import { AdminApiError, type PutFlagConfig } from '@dimmer/protocol'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { at, SAMPLE, startTestServer, type TestServer } from '../../../test/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())

const refusal = async (call: Promise<unknown>): Promise<AdminApiError> => {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof AdminApiError) return error
  throw new Error(`expected a refusal, got ${String(error)}`)
}

const send = (method: string, path: string, body: BodyInit, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/api/v1${path}`, { method, body, headers: { 'content-type': 'application/json', ...headers } })

const versionOf = async (environment: string) =>
  (await server.admin.listProjects())[0]?.environments.find(({ key }) => key === environment)?.version

it('starts with the sample project: five flags in two environments', async () => {
  const [project] = await server.admin.listProjects()
  expect(project).toMatchObject({ key: 'invoicing', name: 'Invoicing' })
  expect(project?.environments.map(({ key }) => key)).toEqual(['development', 'production'])
  const flags = await server.admin.listFlags('invoicing')
  expect(flags.map(({ key }) => key)).toEqual([
    'ai-chatbot',
    'bulk-invoice-api',
    'maintenance-mode',
    'new-pdf-engine',
    'redesigned-dashboard',
  ])
})

describe('a change', () => {
  it('takes exactly one version of its environment and none of the others', async () => {
    const [development, production] = [await versionOf('development'), await versionOf('production')]
    const changed = await server.admin.switchFlag(at('ai-chatbot'), false)
    expect(changed.version).toBe((production ?? 0) + 1)
    expect(await versionOf('production')).toBe(changed.version)
    expect(await versionOf('development')).toBe(development)
    expect(changed.flag.environments.map(({ environment, on }) => [environment, on])).toEqual([
      ['development', true],
      ['production', false],
    ])
  })

  it('takes a new version even if it leads back to former content', async () => {
    const first = await server.admin.switchFlag(at('ai-chatbot'), true)
    const off = await server.admin.switchFlag(at('ai-chatbot'), false)
    const on = await server.admin.switchFlag(at('ai-chatbot'), true)
    expect([off.version, on.version]).toEqual([first.version + 1, first.version + 2])
  })

  it('never loses one of many at the same time: versions are without gaps', async () => {
    const before = (await versionOf('production')) ?? 0
    const percents = Array.from({ length: 20 }, (_, index) => index + 1)
    const changes = await Promise.all(
      percents.map(percent => server.admin.setShare(at('new-pdf-engine'), 'rollout', { unit: 'account', percent })),
    )
    const versions = changes.map(({ version }) => version).sort((a, b) => a - b)
    expect(versions).toEqual(percents.map(percent => before + percent))
    await server.admin.setShare(at('new-pdf-engine'), 'rollout', { unit: 'account', percent: 5 })
  })

  it('is refused when it was made from an older version', async () => {
    const flag = await server.admin.getFlag('invoicing', 'maintenance-mode')
    const production = flag.environments.find(({ environment }) => environment === 'production')
    if (production === undefined) throw new Error('no production')
    const { environment: _e, version, updatedAt: _u, ...config } = production
    await server.admin.putFlagConfig(at('maintenance-mode'), { ...config, ifVersion: version })
    const error = await refusal(server.admin.putFlagConfig(at('maintenance-mode'), { ...config, ifVersion: version }))
    expect(error).toMatchObject({ status: 409, code: 'version-conflict' })
  })
})

describe('a new flag', () => {
  it('is off everywhere and gives its off variant', async () => {
    const flag = await server.admin.createFlag('invoicing', { key: 'fresh', type: 'boolean' })
    expect(flag.variants).toEqual({ on: true, off: false })
    for (const config of flag.environments) expect(config).toMatchObject({ on: false, offVariant: 'off' })
  })

  it('cannot have the key of another, not even of an archived one', async () => {
    await server.admin.createFlag('invoicing', { key: 'knight', type: 'boolean' })
    await server.admin.archiveFlag('invoicing', 'knight')
    const error = await refusal(server.admin.createFlag('invoicing', { key: 'knight', type: 'boolean' }))
    expect(error).toMatchObject({ status: 409, code: 'already-exists' })
    expect((await refusal(server.admin.getFlag('invoicing', 'knight'))).code).toBe('flag-not-found')
  })

  it('draws a salt of its own', async () => {
    const one = await server.admin.createFlag('invoicing', { key: 'salt-one', type: 'boolean' })
    const two = await server.admin.createFlag('invoicing', { key: 'salt-two', type: 'boolean' })
    expect(one.salt).not.toBe(two.salt)
  })
})

describe('bad input changes nothing and says what is wrong', () => {
  const config = {
    on: true,
    offVariant: 'off',
    prerequisites: [],
    rules: [],
    fallthrough: { variant: 'off' },
  }
  const place = at('new-pdf-engine')
  const cases: [string, () => Promise<unknown>, { status: number; code: string; message: RegExp }][] = [
    [
      'a percent of 101',
      () => server.admin.setShare(place, 'rollout', { unit: 'account', percent: 101 }),
      { status: 400, code: 'invalid-request', message: /between 0 and 100/ },
    ],
    [
      'a percent finer than 0.001',
      () => server.admin.setShare(place, 'rollout', { unit: 'account', percent: 0.0001 }),
      { status: 422, code: 'invalid-flag', message: /0\.001/ },
    ],
    [
      'an unknown unit',
      () => server.admin.setShare(place, 'rollout', { unit: 'planet', percent: 10 }),
      { status: 422, code: 'invalid-flag', message: /planet/ },
    ],
    [
      'a rule on a missing variant',
      () => server.admin.putFlagConfig(place, { ...config, rules: [{ id: 'r', serve: { variant: 'purple' } }] }),
      { status: 422, code: 'invalid-flag', message: /purple/ },
    ],
    [
      'a prerequisite on itself',
      () => server.admin.putFlagConfig(place, { ...config, prerequisites: [{ flag: place.flag, variants: ['on'] }] }),
      { status: 422, code: 'invalid-flag', message: /new-pdf-engine/ },
    ],
    [
      'a flag key with spaces',
      () => server.admin.createFlag('invoicing', { key: 'my flag', type: 'boolean' }),
      { status: 400, code: 'invalid-request', message: /letters, digits/ },
    ],
    [
      'an unknown flag',
      () => server.admin.switchFlag(at('nobody'), true),
      { status: 404, code: 'flag-not-found', message: /nobody/ },
    ],
    [
      'an unknown environment',
      () => server.admin.switchFlag({ ...place, environment: 'moon' }, true),
      { status: 404, code: 'environment-not-found', message: /moon/ },
    ],
    [
      'an unknown project',
      () => server.admin.listFlags('nothing'),
      { status: 404, code: 'project-not-found', message: /nothing/ },
    ],
    [
      'an unknown rule',
      () => server.admin.setShare(place, 'nope', { unit: 'account', percent: 1 }),
      { status: 404, code: 'rule-not-found', message: /nope/ },
    ],
    [
      'text with a NUL character',
      () => server.admin.updateFlag('invoicing', 'ai-chatbot', { name: 'a\u0000b' }),
      { status: 400, code: 'invalid-request', message: /NUL/ },
    ],
  ]

  it.each(cases)('%s', async (_name, call, expected) => {
    const before = [await server.admin.listProjects(), await server.admin.listFlags('invoicing')]
    const error = await refusal(call())
    expect(error).toMatchObject({ status: expected.status, code: expected.code })
    expect(error.message).toMatch(expected.message)
    expect([await server.admin.listProjects(), await server.admin.listFlags('invoicing')]).toEqual(before)
  })

  it('a circle of prerequisites is refused with its path', async () => {
    await server.admin.createFlag('invoicing', { key: 'circle-a', type: 'boolean' })
    await server.admin.createFlag('invoicing', { key: 'circle-b', type: 'boolean' })
    const needs = (flag: string) => ({ ...config, prerequisites: [{ flag, variants: ['on'] }] })
    await server.admin.putFlagConfig(at('circle-a'), needs('circle-b'))
    const error = await refusal(server.admin.putFlagConfig(at('circle-b'), needs('circle-a')))
    expect(error.code).toBe('invalid-flag')
    expect(error.message).toMatch(/circle-b -> circle-a -> circle-b|circle-a -> circle-b -> circle-a/)
  })

  it('malformed JSON', async () => {
    const response = await send('POST', '/projects/invoicing/flags', '{"key": ')
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { code: 'malformed-json' } })
  })

  it('a body of 50 MB', async () => {
    const response = await send('POST', '/projects/invoicing/flags', Buffer.alloc(50 * 1024 * 1024, 32))
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject({ error: { code: 'body-too-large' } })
  })

  it('a body of another kind', async () => {
    const response = await send('POST', '/projects/invoicing/flags', 'key=x', { 'content-type': 'text/csv' })
    expect(response.status).toBe(415)
    expect(await response.json()).toMatchObject({ error: { code: 'unsupported-media-type' } })
  })

  it('an address that is not there', async () => {
    const response = await fetch(`${server.url}/api/v1/nothing`)
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ error: { code: 'not-found' } })
  })
})

it('a regular expression that could run for ever is fine, one that is no RE2 is refused', async () => {
  const matching = (value: string) =>
    server.admin.putFlagConfig(at('bulk-invoice-api'), {
      on: true,
      offVariant: 'off',
      prerequisites: [],
      rules: [{ id: 'r', when: { attribute: 'email', op: 'matches', value }, serve: { variant: 'on' } }],
      fallthrough: { variant: 'off' },
    })
  await matching('^(a+)+$')
  const { evaluation } = (await server.admin.explain(SAMPLE.project, SAMPLE.environment, {
    flag: 'bulk-invoice-api',
    context: { email: `${'a'.repeat(5_000)}!` },
  })) as { evaluation: { value: boolean } }
  expect(evaluation.value).toBe(false)
  expect(await refusal(matching('(?=a)b'))).toMatchObject({ status: 422, code: 'invalid-flag' })
})

describe('a rule that a newer server wrote', () => {
  const newer = { id: 'newer', when: { attribute: 'name', op: 'soundsLike', value: 'Meyer' }, serve: { variant: 'on' } }
  const flag = at('new-pdf-engine')
  const get = async () => {
    const { environments } = await server.admin.getFlag(SAMPLE.project, flag.flag)
    const here = environments.find(({ environment }) => environment === SAMPLE.environment)
    if (here === undefined) throw new Error('the sample has this flag in production')
    const { on, offVariant, prerequisites, rules, fallthrough } = here
    return { on, offVariant, prerequisites, rules, fallthrough }
  }
  const put = (config: unknown, place = flag) => server.admin.putFlagConfig(place, config as PutFlagConfig)

  it('stays as it is while the rest of the flag is edited, switched and killed, and is refused anywhere else', async () => {
    await sql`
      update flag_configs set config = jsonb_set(config, '{rules}', config->'rules' || ${JSON.stringify([newer])}::jsonb)
      where flag_id = (select id from flags where key = ${flag.flag})
        and environment_id = (select id from environments where key = ${SAMPLE.environment})`.execute(server.db)
    const config = await get()
    const changed = { ...config, rules: [...config.rules.slice(0, -1), { ...newer, name: 'changed' }] }
    expect(await refusal(put(changed))).toMatchObject({
      status: 422,
      code: 'invalid-flag',
      message: '"soundsLike" is not an operator that this version knows',
    })
    expect(await refusal(put(changed, at('ai-chatbot')))).toMatchObject({ code: 'invalid-flag' })

    await put({ ...config, rules: [{ id: 'first', serve: { variant: 'off' } }, ...config.rules] })
    expect((await get()).rules.at(-1)).toEqual(newer)
    await server.admin.switchFlag(flag, false)
    await server.admin.switchFlag(flag, true)
    await server.admin.putSegment(SAMPLE.project, 'pilots', { when: { attribute: 'plan', op: 'exists' } })
    await put(config)
    expect(await get()).toEqual(config)
  })
})

describe('the admin API without a token', () => {
  it('answers only under a name of this machine', async () => {
    const { request } = await import('node:http')
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const call = request(`${server.url}/api/v1/projects`, { headers: { host: 'evil.example' } }, response => {
        response.resume()
        resolve(response.statusCode)
      })
      call.on('error', reject).end()
    })
    expect(status).toBe(403)
  })

  it('does not let in whom a proxy on this machine brings', async () => {
    for (const header of ['x-forwarded-for', 'x-real-ip', 'via']) {
      const response = await fetch(`${server.url}/api/v1/projects`, { headers: { [header]: '203.0.113.9' } })
      expect(response.status).toBe(403)
    }
  })

  it('refuses pages of other sites', async () => {
    const response = await fetch(`${server.url}/api/v1/projects`, { headers: { origin: 'https://evil.example' } })
    expect(response.status).toBe(403)
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
  })
})

it('serves an OpenAPI document made from the schemas that validate', async () => {
  const document = await (await fetch(`${server.url}/api/v1/openapi.json`)).json()
  expect(document.openapi).toBe('3.1.0')
  const create = document.paths['/api/v1/projects/{project}/flags'].post
  expect(create.requestBody.content['application/json'].schema.properties.key.pattern).toContain('a-zA-Z0-9')
  expect(Object.keys(document.paths)).toContain(
    `/api/v1/projects/{project}/flags/{flag}/environments/{environment}/kill`,
  )
})

it('puts the sample flags where the sample place points', async () => {
  expect((await server.admin.receipts(SAMPLE.project, SAMPLE.environment)).late).toEqual([])
})
