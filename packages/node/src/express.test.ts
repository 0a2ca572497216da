import { expect, it } from 'vitest'
import { connectLive, startServer } from '../test/harness.ts'
import { booleanFlag, rulesetOf } from '../test/rulesets.ts'
import { dimmerMiddleware } from './express.ts'
import type { BoundClient } from './index.ts'

interface Request {
  readonly account: string | undefined
  dimmer?: BoundClient
}

const forFirst = booleanFlag('mine', {
  rules: [{ id: 'r', when: { attribute: 'accountId', op: 'equals', value: 'acc-1' }, serve: { variant: 'on' } }],
  fallthrough: { variant: 'off' },
})

it('puts a client for the request on the request, and goes on', async () => {
  const { client } = await connectLive(await startServer(rulesetOf(1, [forFirst])))
  const middleware = dimmerMiddleware(client, (request: Request) => ({ accountId: request.account }))
  const answerTo = (account: string | undefined): boolean | undefined => {
    const request: Request = { account }
    let answer: boolean | undefined
    middleware(request, {}, () => {
      answer = request.dimmer?.isEnabled('mine')
    })
    return answer
  }
  expect([answerTo('acc-1'), answerTo('acc-2'), answerTo(undefined)]).toEqual([true, false, false])
})

it('leaves to Express what finding the context throws', async () => {
  const { client } = await connectLive(await startServer(rulesetOf(1, [])))
  const middleware = dimmerMiddleware(client, () => {
    throw new Error('no session')
  })
  expect(() => middleware({}, {}, () => undefined)).toThrow('no session')
})
