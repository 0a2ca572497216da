import { expect, it } from 'vitest'
import { connect, startServer, until } from '../test/harness.ts'
import { booleanFlag, rulesetOf } from '../test/rulesets.ts'

const flag = (version: number) =>
  booleanFlag('a', {
    version,
    rules: [{ id: 'r', when: { segment: 'pilots' }, serve: { variant: 'on' } }],
    fallthrough: { variant: 'off' },
  })
const reference = (hash: string) => ({ pilots: { key: 'pilots', list: { unit: 'account', hash, count: 2 } } })
const put = (version: number, hash: string) => ({ ...rulesetOf(version, [flag(version)]), segments: reference(hash) })

async function start() {
  const server = await startServer(rulesetOf(1, [flag(1)]))
  server.silentAfterHello = true
  server.refuse.ruleset = { status: 503 }
  server.lists.set('h1', ['acc-1', 'acc-2'])
  const rig = connect(server.url)
  await until(() => server.openStreams === 1, 'a stream')
  return { server, ...rig }
}

it('fetches a list that is given by its hash once, and knows who is on it', async () => {
  const { server, client } = await start()
  expect(server.streamRequests[0]?.['x-dimmer-lists']).toBe('by-hash')
  server.send('put', put(2, 'h1'), 2)
  await until(() => client.status().version === 2, 'version 2')
  expect([client.isEnabled('a', { accountId: 'acc-2' }), client.isEnabled('a', { accountId: 'acc-3' })]).toEqual([
    true,
    false,
  ])
  server.send('put', put(3, 'h1'), 3)
  await until(() => client.status().version === 3, 'version 3')
  expect(client.isEnabled('a', { accountId: 'acc-2' })).toBe(true)
  expect(server.listRequests).toEqual(['h1'])
})

it('keeps changes in their order while a list is on its way', async () => {
  const { server, client } = await start()
  server.lists.set('h2', ['acc-3'])
  const seen: number[] = []
  client.on('change', ({ version }) => seen.push(version))
  server.send('put', put(2, 'h1'), 2)
  server.send('patch', { from: 2, to: 3, flags: {}, segments: reference('h2') }, 3)
  server.send('patch', { from: 3, to: 4, flags: { a: { ...flag(4), on: false } }, segments: {} }, 4)
  server.send('patch', { from: 4, to: 5, flags: { a: flag(5) }, segments: {} }, 5)
  await until(() => client.status().version === 5, 'version 5')
  expect(seen).toEqual([2, 3, 4, 5])
  expect(client.isEnabled('a', { accountId: 'acc-3' })).toBe(true)
  expect(client.isEnabled('a', { accountId: 'acc-1' })).toBe(false)
  expect(client.status().state).toBe('live')
})

it('takes nothing half: without the list it asks for everything anew', async () => {
  const { server, client, platform, problems } = await start()
  server.send('put', put(2, 'gone'), 2)
  const refused = () => problems.some(problem => problem.startsWith("unreachable: a list can't be fetched: 404"))
  await until(refused, 'a problem')
  expect(client.status().version).toBeUndefined()
  server.silentAfterHello = false
  server.ruleset = rulesetOf(3, [booleanFlag('a', { version: 3 })])
  platform.advance(30_000)
  await until(() => client.status().version === 3, 'version 3')
  expect(server.streamRequests.at(-1)?.['last-event-id']).toBeUndefined()
})
