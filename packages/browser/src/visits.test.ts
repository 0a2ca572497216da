// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { EvaluationServer } from '../test/evaluation-server.ts'
import { openPage, soon } from '../test/page.ts'

let visibility: DocumentVisibilityState = 'visible'

function look(state: DocumentVisibilityState): void {
  visibility = state
  document.dispatchEvent(new Event('visibilitychange'))
}

beforeEach(() => {
  vi.useFakeTimers()
  localStorage.clear()
  visibility = 'visible'
  vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => visibility)
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const deviceAttribute = 'deviceId'
const devices = (server: EvaluationServer): unknown[] => server.asked.map(({ context }) => context.deviceId)

it('names the browser the same before a login, after it, and on the next visit', async () => {
  const server = new EvaluationServer({ a: true })
  const first = openPage(server, { deviceAttribute, context: {} })
  await first.ready()
  await first.setContext({ userId: 'u-7' })
  first.close()
  await openPage(server, { deviceAttribute }).ready()
  const [device] = devices(server)
  expect(device).toMatch(/^[a-z0-9]{10,}$/)
  expect(devices(server)).toEqual([device, device, device])
  expect(server.asked[1]?.context).toEqual({ deviceId: device, userId: 'u-7' })
})

it('leaves the device alone that a context names, and sends none unless told to', async () => {
  const server = new EvaluationServer({ a: true })
  await openPage(server, { deviceAttribute, context: { deviceId: 'from-a-cookie' } }).ready()
  await openPage(server, { context: {} }).ready()
  expect(devices(server)).toEqual(['from-a-cookie', undefined])
})

it('survives contexts that throw when they are read', async () => {
  const server = new EvaluationServer({ a: true })
  const client = openPage(server, { deviceAttribute })
  await soon()
  const { proxy, revoke } = Proxy.revocable({ accountId: 'acc-2' }, {})
  revoke()
  const throwing = Object.defineProperty({}, 'accountId', {
    enumerable: true,
    get: () => {
      throw new Error('gone')
    },
  })
  for (const context of [proxy, throwing]) {
    const given = client.setContext(context)
    client.track('t')
    await given
    expect(client.getSnapshot().status).toBe('error')
  }
  await client.setContext({ accountId: 'acc-3' })
  expect([client.getSnapshot().status, client.isEnabled('a')]).toEqual(['ready', true])
})

it('names the browser where nothing can be stored', async () => {
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError')
  })
  const server = new EvaluationServer({ a: true })
  const client = openPage(server, { deviceAttribute, cache: true })
  expect(await client.ready()).toMatchObject({ status: 'ready' })
  expect(devices(server)).toEqual([expect.any(String)])
})

it('has the values of the last visit at once, as stale, until the server confirms them', async () => {
  const server = new EvaluationServer({ a: { deep: 1 } })
  const first = openPage(server, { cache: true })
  await first.ready()
  first.close()
  server.held = true
  const second = openPage(server, { cache: true })
  expect(second.getSnapshot()).toMatchObject({ status: 'stale', version: 1 })
  expect(second.value('a', {})).toEqual({ deep: 1 })
  expect(second.getServerSnapshot()).toMatchObject({ status: 'loading', version: undefined })
  expect(server.asked[1]?.etag).toBe('[1,{"accountId":"acc-1"}]')
  server.asked[1]?.answer()
  await soon()
  expect(second.getSnapshot().status).toBe('ready')
})

it('takes an earlier version over the kept one', async () => {
  const server = new EvaluationServer({ a: 'new' })
  server.version = 9
  const first = openPage(server, { cache: true })
  await first.ready()
  first.close()
  server.version = 3
  server.evaluate = () => ({ a: 'old' })
  const second = openPage(server, { cache: true })
  await soon()
  expect([second.value('a', ''), second.getSnapshot().version]).toEqual(['old', 3])
})

it('keeps values by context, of the last four', async () => {
  const server = new EvaluationServer()
  server.evaluate = context => ({ mine: context.accountId })
  const first = openPage(server, { cache: true })
  for (const n of [1, 2, 3, 4, 5]) {
    await first.setContext({ accountId: `acc-${n}` })
    await soon()
  }
  first.close()
  server.status = 0
  const seen = [1, 2, 3, 4, 5].map(n => openPage(server, { cache: true, context: { accountId: `acc-${n}` } }))
  expect(seen.map(client => client.value('mine', 'none'))).toEqual(['none', 'acc-2', 'acc-3', 'acc-4', 'acc-5'])
  const [, other] = seen
  void other?.setContext({ accountId: 'acc-5' })
  expect(other?.getSnapshot().status).toBe('stale')
  expect(other?.value('mine', 'none')).toBe('acc-5')
})

it('prefers the values that came with the page to those it kept', async () => {
  const server = new EvaluationServer({ a: 'kept' })
  const first = openPage(server, { cache: true })
  await first.ready()
  first.close()
  expect(openPage(server, { cache: true, bootstrap: { a: 'page' } }).value('a', '')).toBe('page')
})

it.each(['{', '7', '[null]', '[{"of":"{\\"accountId\\":\\"acc-1\\"}","flags":7}]'])(
  'takes no harm from %s where its values were',
  async nonsense => {
    const server = new EvaluationServer({ a: true })
    localStorage.setItem('dimmer.flags.dmr_browser_test', nonsense)
    const client = openPage(server, { cache: true })
    expect(await client.ready()).toMatchObject({ status: 'ready' })
    expect(client.isEnabled('a')).toBe(true)
  },
)

it('keeps nothing unless told to', async () => {
  await openPage(new EvaluationServer({ a: true })).ready()
  expect(localStorage.length).toBe(0)
})

it('does without news while hidden for more than a minute, and catches up when it is looked at', async () => {
  const server = new EvaluationServer({ a: true })
  const client = openPage(server)
  await client.ready()
  await soon()
  look('hidden')
  await vi.advanceTimersByTimeAsync(59_999)
  expect(server.stream.readyState).toBe(1)
  await vi.advanceTimersByTimeAsync(1)
  expect([server.stream.readyState, client.getSnapshot().status]).toEqual([2, 'stale'])
  server.version = 2
  await vi.advanceTimersByTimeAsync(600_000)
  expect(client.getSnapshot().version).toBe(1)
  await client.setContext({ accountId: 'acc-2' })
  expect([server.streams.length, client.getSnapshot().status]).toEqual([1, 'stale'])
  server.version = 3
  server.evaluate = () => ({ a: false })
  look('visible')
  await soon()
  expect(client.isEnabled('a')).toBe(false)
  expect([server.streams.length, server.stream.readyState]).toEqual([2, 1])
  expect(client.getSnapshot().status).toBe('ready')
})

it('keeps its stream when it is hidden for a moment, and none after close', async () => {
  const server = new EvaluationServer({ a: true })
  const client = openPage(server)
  await client.ready()
  await soon()
  look('hidden')
  await vi.advanceTimersByTimeAsync(30_000)
  look('visible')
  await vi.advanceTimersByTimeAsync(600_000)
  expect([server.streams.length, server.stream.readyState]).toEqual([1, 1])
  look('hidden')
  client.close()
  await vi.advanceTimersByTimeAsync(600_000)
  look('visible')
  expect([server.streams.length, server.stream.readyState]).toEqual([1, 2])
})
