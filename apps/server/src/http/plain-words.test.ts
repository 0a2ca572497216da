import {
  conditionSchema,
  createConnectionSchema,
  type ErrorBody,
  flagConfigSchema,
  serveSchema,
} from '@dimmer/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { App } from './app-type.ts'
import { createHttp } from './server.ts'

const things = z.strictObject({
  name: z.string().min(1).max(20).exactOptional(),
  seats: z.number().int().min(0).max(50_000).exactOptional(),
  ratio: z.number().gt(0).lt(1).exactOptional(),
  on: z.boolean().exactOptional(),
  tags: z.array(z.string()).min(1).max(2).exactOptional(),
  pair: z.array(z.string()).length(2).exactOptional(),
  plan: z.enum(['free', 'pro', 'enterprise']).exactOptional(),
  schema: z.literal(1).exactOptional(),
  at: z.iso.datetime({ offset: true }).exactOptional(),
  mail: z.email().exactOptional(),
  step: z.number().multipleOf(5).exactOptional(),
  named: z.record(z.string().max(3), z.number()).exactOptional(),
  when: z.union([z.iso.datetime({ offset: true }), z.number()]).exactOptional(),
})

let app: App
beforeAll(async () => {
  app = await createHttp({ logLevel: 'silent', trustedProxies: [], tls: false })
  const routes = {
    things,
    needed: z.object({ name: z.string(), plan: z.enum(['free', 'pro']) }),
    condition: conditionSchema,
    serve: serveSchema,
    config: flagConfigSchema,
    connection: createConnectionSchema,
  }
  for (const [name, body] of Object.entries(routes)) {
    app.post(`/${name}`, { config: { permission: 'public' }, schema: { body } }, () => 'taken')
  }
})
afterAll(() => app.close())

/** How the server refuses a body. */
async function refusalOf(route: string, body: unknown): Promise<ErrorBody['error']> {
  const answer = await app.inject({
    method: 'POST',
    url: `/${route}`,
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify(body),
  })
  expect(answer.statusCode).toBe(400)
  const { error }: ErrorBody = answer.json()
  expect(error.code).toBe('invalid-request')
  return error
}

/** "path: message" of each thing that is wrong. */
const saidOf = async (route: string, body: unknown) =>
  (await refusalOf(route, body)).details?.map(({ path, message }) => `${path}: ${message}`)

describe('what is wrong with a field is said in plain words, with what is allowed', () => {
  it.each<[object, string]>([
    [{ name: 7 }, 'name: must be a text, not a number'],
    [{ name: '' }, 'name: must not be empty'],
    [{ name: 'x'.repeat(21) }, 'name: may have 20 characters at most'],
    [{ seats: '7' }, 'seats: must be a number, not a text'],
    [{ seats: null }, 'seats: must be a number, not null'],
    [{ seats: 1.5 }, 'seats: must be a whole number'],
    [{ seats: -1 }, 'seats: must be 0 at least'],
    [{ seats: 60_000 }, 'seats: must be 50,000 at most'],
    [{ ratio: 0 }, 'ratio: must be above 0'],
    [{ ratio: 1 }, 'ratio: must be below 1'],
    [{ on: 'yes' }, 'on: must be true or false, not a text'],
    [{ tags: {} }, 'tags: must be a list, not an object'],
    [{ tags: [] }, 'tags: must not be empty'],
    [{ tags: ['a', 'b', 'c'] }, 'tags: may have 2 entries at most'],
    [{ tags: ['a', 7] }, 'tags.1: must be a text, not a number'],
    [{ pair: ['a'] }, 'pair: must have 2 entries'],
    [{ plan: 'gold' }, 'plan: must be one of "free", "pro" or "enterprise"'],
    [{ schema: 2 }, 'schema: must be 1'],
    [{ at: 'soon' }, 'at: must be a time like 2026-03-01T12:00:00Z'],
    [{ mail: 'a' }, 'mail: must be an e-mail address'],
    [{ step: 7 }, 'step: must be a multiple of 5'],
    [{ named: { long: 1 } }, 'named.long: is no possible name here: may have 3 characters at most'],
    [{ when: true }, 'when: must be a text, not true or false, or must be a number, not true or false'],
    [{ when: 'soon' }, 'when: must be a time like 2026-03-01T12:00:00Z'],
  ])('%j', async (body, message) => {
    expect(await saidOf('things', body)).toEqual([message])
  })

  it('what is missing, and what is there but unknown', async () => {
    expect(await saidOf('needed', {})).toEqual([
      'name: is missing; it must be a text',
      'plan: is missing; it must be one of "free" or "pro"',
    ])
    expect(await saidOf('serve', { variant: 'on', weight: 7 })).toEqual([
      ': "weight" is not known here; known are "variant"',
    ])
    expect(await saidOf('needed', [])).toEqual([': must be an object, not a list'])
  })

  it('is told of a hundred at the most, and says how many there were', async () => {
    const { message, details } = await refusalOf('condition', { all: Array.from({ length: 400 }, () => 7) })
    expect(details).toHaveLength(100)
    expect(message).toBe('all.0: must be an object, not a number (and 399 more)')
  })
})

describe('of several shapes, the one that was meant is spoken of', () => {
  const anyShape = 'must have "all", "any", "not", "segment" or "attribute"'
  it.each<[unknown, string[]]>([
    [{ attribute: 5, op: 'equals', value: 1 }, ['attribute: must be a text, not a number']],
    [{ attribute: 'plan' }, [expect.stringMatching(/^op: must be one of equals, notEquals, in, .*exists$/)]],
    [{ attribute: 'plan', op: 'Equals' }, [expect.stringMatching(/^op: must be one of equals, /)]],
    [
      { attribute: 'plan', op: 'equals', vlaue: 'pro' },
      [expect.stringMatching(/^: "vlaue" is not known here; known are "attribute", "op", "value"/)],
    ],
    [{ all: 'plan' }, ['all: must be a list, not a text']],
    [
      { all: [{ segment: 'pilots' }, { any: [{ not: { segment: 7 } }] }] },
      ['all.1.any.0.not.segment: must be a text, not a number'],
    ],
    [{}, [`: ${anyShape}`]],
    [{ not: {} }, [`not: ${anyShape}`]],
    [{ foo: 1 }, [`: ${anyShape}`]],
    ['plan', [': must be an object, not a text']],
  ])('condition %j', async (condition, messages) => {
    expect(await saidOf('condition', condition)).toEqual(messages)
  })

  it.each<[unknown, string[]]>([
    [{}, [': must have "variant" or "split"']],
    [
      { split: { unit: 'account', arms: [{ variant: 'on' }, { variant: 'off', weight: '1' }, 7] } },
      [
        'split.arms.0.weight: is missing; it must be a number',
        'split.arms.1.weight: must be a number, not a text',
        'split.arms.2: must be an object, not a number',
      ],
    ],
    [{ variant: 'on off' }, [expect.stringMatching(/^variant: a key starts with a letter or digit/)]],
  ])('serve %j', async (serve, messages) => {
    expect(await saidOf('serve', serve)).toEqual(messages)
  })

  it('that goes by a field: which values the field has', async () => {
    const missing = await saidOf('connection', {})
    const wrong = await saidOf('connection', { kind: 'fax' })
    expect(missing?.[0]).toMatch(/^kind: is missing; it must be one of "tickets", .* or "webhook"$/)
    expect(wrong?.[0]).toMatch(/^kind: must be one of "tickets", .* or "webhook"$/)
  })

  it('deep in a config, with its whole path', async () => {
    const rule = { id: 'r', when: { attribute: 'plan', op: 'in', elements: 'some' }, serve: { variant: 'on' } }
    const config = { on: true, offVariant: 'off', prerequisites: [], rules: [rule], fallthrough: {} }
    expect(await saidOf('config', config)).toEqual([
      'rules.0.when.elements: must be one of "any" or "all"',
      'fallthrough: must have "variant" or "split"',
    ])
  })
})
