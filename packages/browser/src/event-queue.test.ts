// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { EvaluationServer } from '../test/evaluation-server.ts'
import { openPage } from '../test/page.ts'

const context = { accountId: 'acc-1', userId: 7, plan: 'free' } as never

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValueOnce(0.1).mockReturnValueOnce(0.2)
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

it('sends tracks, with the unit ids of the context, after 5 s', async () => {
  const server = new EvaluationServer()
  const client = openPage(server, { context })
  client.track('invoice.opened', { ok: false, ms: 12, value: 3, creates: 'invoice' })
  client.track('invoice.opened')
  const at = Date.now()
  await vi.advanceTimersByTimeAsync(5_000)
  const same = { name: 'invoice.opened', at, units: { account: 'acc-1', user: '7' } }
  expect(server.batches).toMatchObject([
    { sentAt: at + 5_000, dropped: 0, tracks: [{ ...same, ok: false, ms: 12, value: 3, creates: 'invoice' }, same] },
  ])
})

it('sends at once when 50 wait', async () => {
  const server = new EvaluationServer()
  const client = openPage(server)
  for (let i = 0; i < 50; i++) client.track('t')
  await vi.advanceTimersByTimeAsync(0)
  expect(server.batches[0]?.tracks.length).toBe(50)
})

it('retries under the same id when the answer is lost', async () => {
  const server = new EvaluationServer()
  const client = openPage(server)
  server.eventStatus = 0
  client.track('t')
  await vi.advanceTimersByTimeAsync(5_000)
  server.eventStatus = 202
  await vi.advanceTimersByTimeAsync(60_000)
  expect(server.batches.length).toBe(2)
  expect(server.batches[1]?.batchId).toBe(server.batches[0]?.batchId)
})

it('holds 500 at the most, and says how many it dropped', async () => {
  const server = new EvaluationServer()
  const client = openPage(server)
  server.eventStatus = 503
  for (let i = 0; i < 600; i++) client.track('t')
  await vi.advanceTimersByTimeAsync(0)
  server.eventStatus = 202
  for (let round = 0; round < 20; round++) await vi.advanceTimersByTimeAsync(10_000)
  client.track('one more')
  await vi.advanceTimersByTimeAsync(10_000)
  const accepted = [...new Map(server.batches.map(batch => [batch.batchId, batch])).values()]
  expect(accepted.flatMap(batch => batch.tracks).length).toBe(501)
  expect(accepted.reduce((sum, batch) => sum + batch.dropped, 0)).toBe(100)
})

it('gives up what the server will never take, and counts it', async () => {
  const server = new EvaluationServer()
  const client = openPage(server)
  server.eventStatus = 400
  client.track('t')
  await vi.advanceTimersByTimeAsync(5_000)
  server.eventStatus = 202
  client.track('t')
  await vi.advanceTimersByTimeAsync(5_000)
  expect(server.batches.map(batch => batch.dropped)).toEqual([0, 1])
})

it('drops what belongs to nobody, and leaves out what cannot be sent', async () => {
  const server = new EvaluationServer()
  const client = openPage(server, { context: { plan: 'free' } })
  client.track('nobody')
  void client.setContext({ accountId: 'acc-1' })
  client.track('', {})
  client.track('t', { ms: Number.NaN, value: Number.POSITIVE_INFINITY, ok: 1 as never, creates: 'x'.repeat(500) })
  await vi.advanceTimersByTimeAsync(5_000)
  expect(server.batches).toMatchObject([{ dropped: 2, tracks: [{ name: 't', creates: 'x'.repeat(200) }] }])
  expect(Object.keys(server.batches[0]?.tracks[0] ?? {}).sort()).toEqual(['at', 'creates', 'name', 'units'])
})

it('sends nothing for which the server would refuse the whole batch', async () => {
  const server = new EvaluationServer()
  const client = openPage(server)
  for (const accountId of ['', 'a\0', 'a\ud800', 'x'.repeat(201)]) {
    void client.setContext({ accountId })
    client.track('nobody')
    void client.setContext({ accountId, userId: 'u-1' })
    client.track('t\0', { creates: '\ud800' })
  }
  client.track(`${'x'.repeat(199)}😀`)
  await vi.advanceTimersByTimeAsync(5_000)
  const kept = { name: 't\ufffd', creates: '\ufffd', units: { user: 'u-1' } }
  const cut = { name: `${'x'.repeat(199)}\ufffd`, units: { user: 'u-1' } }
  expect(server.batches).toMatchObject([{ dropped: 4, tracks: [kept, kept, kept, kept, cut] }])
})

it('sends what waits when the page is left', () => {
  const server = new EvaluationServer()
  const client = openPage(server)
  client.track('t')
  window.dispatchEvent(new Event('pagehide'))
  expect(server.batches).toMatchObject([{ keepalive: true, tracks: [{ name: 't' }] }])
})

it('sends what waits when the page is hidden, and on close', async () => {
  const server = new EvaluationServer()
  const client = openPage(server)
  client.track('hidden')
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
  document.dispatchEvent(new Event('visibilitychange'))
  client.track('closed')
  client.close()
  expect(server.batches.at(-1)?.tracks).toMatchObject([{ name: 'closed' }])
  expect(server.batches.flatMap(batch => batch.tracks.map(track => track.name))).toContain('hidden')
  client.close()
  window.dispatchEvent(new Event('pagehide'))
  await vi.advanceTimersByTimeAsync(0)
  expect(vi.getTimerCount()).toBe(0)
})
