import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { type RecordingServer, startRecordingServer } from '../../test/recording-server.ts'
import { createOutgoing } from './guarded-outgoing.ts'
import { openPrometheus } from './prometheus.ts'

const outgoing = createOutgoing({ allowed: 'all' })
const prometheus = inject('prometheus')

describe.skipIf(prometheus === null)('a real Prometheus', () => {
  const source = openPrometheus(outgoing, { url: prometheus?.url ?? '' })
  let app: RecordingServer

  beforeAll(async () => {
    app = await startRecordingServer()
    app.answer(() => ({
      status: 200,
      headers: { 'content-type': 'text/plain' },
      body: 'render_ms{variant="on"} 410\nrender_ms{variant="off"} 90\nfailures{variant="on"} 0\nrequests{variant="on"} 0\n',
    }))
    await writeFile(prometheus?.targetsFile ?? '', JSON.stringify([{ targets: [app.url.replace('http://', '')] }]))
    await vi.waitFor(async () => expect(await source.numberAt('max(render_ms{variant="on"})', Date.now())).toBe(410), {
      timeout: 15_000,
      interval: 200,
    })
  })
  afterAll(async () => {
    await writeFile(prometheus?.targetsFile ?? '', '[]')
    await app.close()
  })

  it('gives the number of a query, and of a scalar', async () => {
    expect(await source.numberAt('max(render_ms{variant="off"})', Date.now())).toBe(90)
    expect(await source.numberAt('scalar(max(render_ms{variant="on"})) / 2', Date.now())).toBe(205)
  })

  it('gives none where there is nothing, nothing yet, or no number', async () => {
    expect(await source.numberAt('max(render_ms{variant="blue"})', Date.now())).toBeUndefined()
    expect(await source.numberAt('max(render_ms{variant="on"})', Date.now() - 3_600_000)).toBeUndefined()
    expect(await source.numberAt('failures / requests', Date.now())).toBeUndefined()
  })

  it('says what is wrong with a query', async () => {
    await expect(source.numberAt('max(', Date.now())).rejects.toMatchObject({
      passing: false,
      message: expect.stringContaining('parse error'),
    })
    await expect(source.numberAt('render_ms', Date.now())).rejects.toThrow(
      'gave 2 series; the query must give one number',
    )
    await expect(source.numberAt('render_ms[1m]', Date.now())).rejects.toThrow('gave a matrix')
  })
})

it('sends its token, and says what it met when that is no Prometheus', async () => {
  const other = await startRecordingServer()
  const source = openPrometheus(outgoing, { url: `${other.url}/prom/`, token: 'a-token' })
  other.answer(() => ({ status: 502, body: '<html>bad gateway</html>' }))
  await expect(source.numberAt('up', 1_500)).rejects.toMatchObject({
    passing: true,
    message: 'Prometheus answered 502, and not as its HTTP API does.',
  })
  expect(other.calls[0]).toMatchObject({
    path: '/prom/api/v1/query?query=up&time=1.500',
    headers: { authorization: 'Bearer a-token' },
  })
  await other.close()
  await expect(source.numberAt('up', 0)).rejects.toMatchObject({
    passing: true,
    message: expect.stringContaining('could not be asked'),
  })
})
