import { once } from 'node:events'
import express from 'express'
import { expect, it } from 'vitest'
import { connectLive, startServer } from '../test/harness.ts'
import { booleanFlag, rulesetOf } from '../test/rulesets.ts'
import { dimmerMiddleware } from './express.ts'

it('puts a client for the request on the request', async () => {
  const forFirst = booleanFlag('mine', {
    rules: [{ id: 'r', when: { attribute: 'accountId', op: 'equals', value: 'acc-1' }, serve: { variant: 'on' } }],
    fallthrough: { variant: 'off' },
  })
  const { client } = await connectLive(await startServer(rulesetOf(1, [forFirst])))
  const app = express()
  app.use(dimmerMiddleware(client, req => ({ accountId: req.get('x-account-id') })))
  app.get('/', (req, res) => {
    res.send(req.dimmer.isEnabled('mine') ? 'new' : 'old')
  })
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  const answer = async (account: string): Promise<string> => {
    const response = await fetch(url, { headers: { 'x-account-id': account, connection: 'close' } })
    return response.text()
  }
  expect(await answer('acc-1')).toBe('new')
  expect(await answer('acc-2')).toBe('old')
  server.close()
})
