import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { SAMPLE, startTestServer, type TestServer } from './test-server.ts'

/*
 * The answers of OFREP 0.1 and its ADR 8, in schemas of our own: OpenFeature's document is in no npm package. Taken
 * literally its `oneOf` over the types of a value refuses whole numbers (they are both integer and number); what it means
 * is any of them. Fields that it does not know are allowed, as there.
 */
const value = z.union([z.boolean(), z.string(), z.number(), z.record(z.string(), z.unknown())])
const evaluated = z.looseObject({
  key: z.string(),
  value: value.optional(),
  reason: z.string().optional(),
  variant: z.string().optional(),
  metadata: z.record(z.string(), z.union([z.boolean(), z.string(), z.number()])).optional(),
})
const details = { errorDetails: z.string().optional() }
const failed = z.looseObject({
  key: z.string(),
  errorCode: z.enum(['PARSE_ERROR', 'TARGETING_KEY_MISSING', 'INVALID_CONTEXT', 'GENERAL']),
  ...details,
})
const notFound = z.looseObject({ key: z.string(), errorCode: z.literal('FLAG_NOT_FOUND'), ...details })
const bulkFailed = z.looseObject({ errorCode: z.string(), ...details })
const eventStream = z.looseObject({
  type: z.string(),
  endpoint: z.looseObject({ requestUri: z.string(), origin: z.string().optional() }),
  inactivityDelaySec: z.number().int().min(0).optional(),
})
const bulk = z.looseObject({
  flags: z.array(z.union([failed, evaluated])),
  metadata: z.record(z.string(), z.union([z.boolean(), z.string(), z.number()])).optional(),
  eventStreams: z.array(eventStream).optional(),
})

let server: TestServer
let serverKey: string
let browserKey: string
beforeAll(async () => {
  // No time passes: nobody may ask again after a while.
  server = await startTestServer({ clock: { now: () => Date.now(), steady: () => 0 } })
  serverKey = await server.newKey()
  browserKey = await server.newKey(SAMPLE.environment, 'browser')
  const on = { on: true, offVariant: 'b', prerequisites: [], rules: [], fallthrough: { variant: 'a' } }
  for (const [type, a, b] of [
    ['string', 'red', ''],
    ['number', 3, 3.5],
    ['json', { deep: { list: [1, null] } }, {}],
  ] as const) {
    await server.admin.createFlag(SAMPLE.project, { key: `a-${type}`, type, variants: { a, b }, config: on })
  }
})
afterAll(() => server.stop())

const send = (path: string, body = '{}', headers: Record<string, string> = {}) =>
  fetch(`${server.url}/ofrep/v1/evaluate/flags${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${serverKey}`, 'content-type': 'application/json', ...headers },
    body,
  })

async function expectAnswer(asked: Promise<Response>, status: number, shape: z.ZodType): Promise<void> {
  const answer = await asked
  const body: unknown = await answer.json()
  expect([answer.status, answer.headers.get('content-type')]).toEqual([status, expect.stringContaining('json')])
  expect(z.safeParse(shape, body).error?.issues, JSON.stringify(body)).toBeUndefined()
}

describe('every answer has the shape that OFREP gives it', () => {
  it('all flags, to servers and to browsers, and 304 without a body', async () => {
    await expectAnswer(send(''), 200, bulk)
    await expectAnswer(send('', '{"context":{"targetingKey":"u-1","accountId":"acc-00001"}}'), 200, bulk)
    const authorization = `Bearer ${browserKey}`
    await expectAnswer(send('', '{}', { authorization }), 200, bulk.required({ eventStreams: true }))
    const etag = (await send('')).headers.get('etag') ?? ''
    const unchanged = await send('', '{}', { 'if-none-match': etag })
    expect([unchanged.status, await unchanged.text(), unchanged.headers.get('etag')]).toEqual([304, '', etag])
  })

  it('one flag of each type', async () => {
    for (const key of ['maintenance-mode', 'a-string', 'a-number', 'a-json']) {
      await expectAnswer(send(`/${key}`), 200, evaluated.required({ value: true, reason: true, variant: true }))
    }
  })

  it('what is not there, or not understood', async () => {
    await expectAnswer(send('/no/such/flag'), 404, notFound)
    for (const body of ['{', '[]', '{"context":7}', '{"context":[]}']) {
      await expectAnswer(send('/a-string', body), 400, failed)
      await expectAnswer(send('', body), 400, bulkFailed)
    }
    const code = async (body: string) => (await (await send('', body)).json()).errorCode
    expect([await code('{'), await code('{"context":7}')]).toEqual(['PARSE_ERROR', 'INVALID_CONTEXT'])
  })

  it('who may not ask, or asks too often', async () => {
    await expectAnswer(send('', '{}', { authorization: 'Bearer nonsense' }), 401, bulkFailed)
    await expectAnswer(send('/a-string', '{}', { authorization: 'Bearer nonsense' }), 401, failed)
    const inAddress = fetch(`${server.url}/ofrep/v1/evaluate/flags?key=${serverKey}`, { method: 'POST' })
    expect((await inAddress).status).toBe(403)
    const authorization = `Bearer ${await server.newKey(SAMPLE.environment, 'browser')}`
    let refused: Response | undefined
    for (let turn = 0; turn < 15 && refused === undefined; turn++) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => send('/a-string', '{}', { authorization })))
      refused = answers.find(({ status }) => status === 429)
    }
    expect(refused?.headers.get('retry-after')).toMatch(/^\d+$/)
    await expectAnswer(Promise.resolve(refused ?? Response.error()), 429, failed)
  })
})
