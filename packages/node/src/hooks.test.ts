import { expect, it } from 'vitest'
import { connectLive, startServer } from '../test/harness.ts'
import { booleanFlag, rulesetOf, valueFlag } from '../test/rulesets.ts'
import type { Hook } from './index.ts'

const forFrance = booleanFlag('french', {
  rules: [{ id: 'r', when: { attribute: 'country', op: 'equals', value: 'FR' }, serve: { variant: 'on' } }],
  fallthrough: { variant: 'off' },
})
const ruleset = rulesetOf(1, [forFrance, valueFlag('colour', 'green', 'string')])

it('runs around each evaluation: first added first before, last after', async () => {
  const said: string[] = []
  const named = (name: string): Hook => ({
    before: ({ flagKey }) => void said.push(`${name} before ${flagKey}`),
    after: (_call, { value }) => void said.push(`${name} after ${String(value)}`),
    error: (_call, { errorCode }) => void said.push(`${name} error ${errorCode}`),
    finally: () => void said.push(`${name} finally`),
  })
  const { client } = await connectLive(await startServer(ruleset), { hooks: [named('1')] })
  const stop = client.addHook(named('2'))
  expect(client.value('colour', {}, 'blue')).toBe('green')
  expect(said.splice(0)).toEqual([
    '1 before colour',
    '2 before colour',
    '2 after green',
    '2 finally',
    '1 after green',
    '1 finally',
  ])
  stop()
  expect(client.value('colour', {}, 3)).toBe(3)
  expect(said.splice(0)).toEqual(['1 before colour', '1 error type-mismatch', '1 finally'])
  client.forRequest({}).isEnabled('french')
  expect(said).toEqual(['1 before french', '1 after false', '1 finally'])
})

it('can add to the context', async () => {
  const { client } = await connectLive(await startServer(ruleset))
  expect(client.isEnabled('french', {})).toBe(false)
  client.addHook({ before: () => ({ country: 'FR' }) })
  expect([client.isEnabled('french', {}), client.pin({}).isEnabled('french')]).toEqual([true, true])
  expect(client.isEnabled('french', null as never)).toBe(false)
})

it('changes nothing when it throws, and says so', async () => {
  const { client, problems } = await connectLive(await startServer(ruleset))
  const fail = (): never => {
    throw new Error('broken hook')
  }
  client.addHook({ before: fail, after: fail, error: fail, finally: fail })
  expect([client.value('colour', {}, 'blue'), client.isEnabled('unknown', {})]).toEqual(['green', false])
  expect(problems).toContain('listener-threw: a hook threw: Error: broken hook')
})
