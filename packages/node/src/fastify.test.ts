import Fastify, { type FastifyInstance } from 'fastify'
import { expect, it, onTestFinished } from 'vitest'
import { connectLive, startServer, until } from '../test/harness.ts'
import { booleanFlag, rulesetOf } from '../test/rulesets.ts'
import { dimmerPlugin } from './fastify.ts'

const forFirst = (version: number) =>
  booleanFlag('mine', {
    version,
    rules: [{ id: 'r', when: { attribute: 'accountId', op: 'equals', value: 'acc-1' }, serve: { variant: 'on' } }],
    fallthrough: { variant: 'off' },
  })

async function start(routes: (app: FastifyInstance) => void) {
  const server = await startServer(rulesetOf(1, [forFirst(1)]))
  const rig = await connectLive(server)
  const app = Fastify()
  onTestFinished(() => app.close())
  app.register(
    dimmerPlugin(rig.client, request => {
      const account = request.headers['x-account']
      if (typeof account !== 'string') throw Object.assign(new Error('who are you?'), { statusCode: 401 })
      return { accountId: account }
    }),
  )
  app.register(async scope => routes(scope))
  const ask = (url: string, account?: string) =>
    app.inject({ url, headers: account === undefined ? {} : { 'x-account': account } })
  return { ...rig, server, ask }
}

it('puts a client for the request on the request, in every scope of the application', async () => {
  const { ask } = await start(app => app.get('/', request => ({ mine: request.dimmer.isEnabled('mine') })))
  expect((await ask('/', 'acc-1')).json()).toEqual({ mine: true })
  expect((await ask('/', 'acc-2')).json()).toEqual({ mine: false })
})

it('decides once per request, whatever changes while it is served, and counts once', async () => {
  const { ask, server, client } = await start(app => {
    app.get('/', async request => {
      const first = request.dimmer
      const before = first.isEnabled('mine')
      server.publish(rulesetOf(2, [{ ...forFirst(2), on: false }]))
      await until(() => client.status().version === 2, 'version 2')
      return { before, after: request.dimmer.isEnabled('mine'), same: request.dimmer === first }
    })
  })
  expect((await ask('/', 'acc-1')).json()).toEqual({ before: true, after: true, same: true })
  await client.flush()
  expect(server.batches.flatMap(batch => batch.exposures)).toMatchObject([{ flag: 'mine', count: 1 }])
})

it('asks for the context only where it is needed, and its error is an error of the route', async () => {
  const { ask } = await start(app => {
    app.get('/', request => ({ mine: request.dimmer.isEnabled('mine') }))
    app.get('/health', () => ({ ok: true }))
  })
  expect((await ask('/health')).json()).toEqual({ ok: true })
  const refused = await ask('/')
  expect([refused.statusCode, refused.json().message]).toEqual([401, 'who are you?'])
})
