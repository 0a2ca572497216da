import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { EvaluationServer } from '../test/evaluation-server.ts'
import { openPage, soon } from '../test/page.ts'
import type { BrowserContext, FlagsStatus } from './index.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const ACCOUNT = { accountId: 'acc-1' }
const signedBy = (signature: string): BrowserContext => ({ ...ACCOUNT, signedContext: signature })

function serverThatWants(signature: string): EvaluationServer {
  const server = new EvaluationServer({ colour: 'green' })
  server.signature = signature
  return server
}

it('sends the signature with everything that it says of somebody', async () => {
  const server = serverThatWants('today')
  const client = openPage(server, { context: signedBy('today') })
  await soon()
  client.track('opened')
  await vi.advanceTimersByTimeAsync(5_000)
  expect(client.getSnapshot().status).toBe('ready')
  expect(server.asked.map(({ context }) => context)).toEqual([signedBy('today')])
  expect(server.batches.flatMap(({ tracks }) => tracks)).toMatchObject([
    { units: { account: 'acc-1' }, signedContext: 'today' },
  ])
})

it('a new signature makes nobody else of them: the values stay current, and what is kept is found again', async () => {
  const store = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => store.set(key, value),
  })
  onTestFinished(() => void vi.unstubAllGlobals())
  const server = serverThatWants('today')
  const client = openPage(server, { context: signedBy('today'), cache: true })
  await soon()
  const seen: FlagsStatus[] = []
  client.subscribe(() => seen.push(client.getSnapshot().status))
  server.signature = 'tomorrow'
  await client.setContext(signedBy('tomorrow'))
  expect(seen).toEqual([])
  expect(server.asked.map(({ etag }) => etag)).toEqual([null, '[1,{"accountId":"acc-1"}]'])
  client.close()
  expect([...store.values()].join()).not.toMatch(/today|tomorrow/)

  server.held = true
  const later = openPage(server, { context: signedBy('tomorrow'), cache: true })
  expect([later.getSnapshot().status, later.value('colour', 'blue')]).toEqual(['stale', 'green'])
})

it('asks for the context anew when its signature has run out, and hears of everything again', async () => {
  const server = serverThatWants('today')
  const renewContext = vi.fn(async () => signedBy('tomorrow'))
  const client = openPage(server, { context: signedBy('today'), renewContext })
  await soon()
  server.signature = 'tomorrow'
  server.publish({ colour: 'red' })
  await soon()
  expect([client.getSnapshot().status, client.value('colour', 'blue')]).toEqual(['stale', 'green'])
  await vi.advanceTimersByTimeAsync(1_000)
  expect([client.getSnapshot().status, client.value('colour', 'blue')]).toEqual(['ready', 'red'])
  // A page that draws again with what it began with doesn't take the new one away.
  await client.setContext(signedBy('today'))
  server.publish({ colour: 'pink' })
  await soon()
  expect(client.value('colour', 'blue')).toBe('pink')
  expect(renewContext).toHaveBeenCalledTimes(1)
})

it('tries again when there is no new signature to be had, less and less often', async () => {
  const server = serverThatWants('tomorrow')
  let failing = true
  const renewContext = vi.fn(async () => {
    if (failing) throw new Error('signed out')
    return signedBy('tomorrow')
  })
  const client = openPage(server, { context: signedBy('today'), renewContext })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(client.getSnapshot().status).toBe('error')
  expect(renewContext.mock.calls.length).toBeLessThan(20)
  failing = false
  await vi.advanceTimersByTimeAsync(30_000)
  expect(client.getSnapshot().status).toBe('ready')
})

it('what the page says meanwhile counts more than a context that was asked for', async () => {
  const server = serverThatWants('today')
  let give: ((context: BrowserContext) => void) | undefined
  const renewContext = () => new Promise<BrowserContext>(resolve => (give = resolve))
  const client = openPage(server, { context: signedBy('yesterday'), renewContext })
  await vi.advanceTimersByTimeAsync(1_000)
  server.evaluate = context => ({ who: context.accountId })
  await client.setContext({ accountId: 'acc-2', signedContext: 'today' })
  give?.({ accountId: 'acc-1', signedContext: 'today' })
  await soon()
  expect(client.value('who', '')).toBe('acc-2')
})

it('tracks that are no longer taken make it look whether the signature still holds', async () => {
  const server = serverThatWants('today')
  const client = openPage(server, { context: signedBy('today'), renewContext: async () => signedBy('tomorrow') })
  await soon()
  server.signature = 'tomorrow'
  client.track('lost')
  await vi.advanceTimersByTimeAsync(6_000)
  client.track('counted')
  await vi.advanceTimersByTimeAsync(5_000)
  expect(server.batches.map(({ tracks, dropped }) => [tracks.map(({ name }) => name), dropped])).toEqual([
    [['lost'], 0],
    [['counted'], 1],
  ])
})
