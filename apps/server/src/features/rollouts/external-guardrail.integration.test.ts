import type { RolloutView } from '@dimmer/protocol'
import { afterEach, describe, expect, inject, it } from 'vitest'
import { startTestServer, type TestServer, type TestServerOptions } from '../../../test/test-server.ts'
import type { NumberSource } from '../../ports/number-source.ts'

const START = Date.UTC(2026, 0, 5, 9)
const MINUTE = 60_000
const PLACE = ['invoicing', 'production'] as const

let server: TestServer
afterEach(() => server.stop())

async function begin(options: TestServerOptions, { url, query }: { url: string; query: string }): Promise<RolloutView> {
  server = await startTestServer(options)
  const settings = { url }
  await server.admin.createConnection(...PLACE, { key: 'prom', kind: 'prometheus', name: 'P', settings })
  const { id } = await server.admin.createRollout('invoicing', {
    flag: 'new-pdf-engine',
    environment: 'production',
    variant: 'on',
    unit: 'account',
    stages: [{ percent: 5, hold: 'PT24H' }],
    guardrails: [
      {
        id: 'render',
        kind: 'metric',
        metric: {
          kind: 'external',
          key: 'render',
          version: 1,
          name: 'Render time',
          worse: 'higher',
          query,
          every: 'PT1M',
        },
        limit: { ratio: 2 },
      },
    ],
  })
  return server.admin.actOnRollout('invoicing', id, { action: 'start' })
}

const look = () => server.application.runner.lookAtAll()
const read = (id: string) => server.admin.getRollout('invoicing', id)

describe('a guardrail on numbers from outside', () => {
  let now = START
  const asked: string[] = []

  async function afterMinutes(minutes: number, numberAt: NumberSource['numberAt']): Promise<RolloutView> {
    now = START
    asked.length = 0
    const openSource = (): NumberSource => ({
      numberAt: (query, at) => {
        asked.push(query)
        return numberAt(query, at)
      },
    })
    const clock = { now: () => now }
    const { id } = await begin(
      { clock, openSource },
      { url: 'https://prometheus.example.com', query: 'max(render_ms{variant="{{variant}}"})' },
    )
    for (let minute = 0; minute < minutes; minute++) {
      now += MINUTE
      await look()
    }
    return read(id)
  }

  it('rolls back when the variant is worse in window after window', async () => {
    const rollout = await afterMinutes(30, async query => (query.includes('"on"') ? 410 : 90))
    expect(rollout.state.status).toBe('rolled-back')
    expect(rollout.verdicts).toMatchObject([{ guardrailId: 'render', kind: 'breached', evidence: { limit: 2 } }])
    expect(new Set(asked)).toEqual(new Set(['max(render_ms{variant="on"})', 'max(render_ms{variant="off"})']))
  })

  it('is ok when the variant is as good as what the others get', async () => {
    const rollout = await afterMinutes(30, async () => 90)
    expect(rollout.state.status).toBe('running')
    expect(rollout.verdicts).toMatchObject([{ guardrailId: 'render', kind: 'ok' }])
  })

  it('says that nothing has arrived while the query gives none', async () => {
    const rollout = await afterMinutes(5, async () => undefined)
    expect(rollout.state.status).toBe('running')
    expect(rollout.verdicts).toMatchObject([
      { kind: 'no-data', sentence: expect.stringContaining('No Render time has ever arrived') },
    ])
  })
})

const prometheus = inject('prometheus')

/** 410 for "on" and 90 for "off", without anything to scrape. */
const CONSTANTS = `max(
  (label_replace(vector(410), "v", "on", "", "") or label_replace(vector(90), "v", "off", "", ""))
  and on (v) label_replace(vector(1), "v", "{{variant}}", "", "")
)`

it.skipIf(prometheus === null)('is judged on what a real Prometheus answers', async () => {
  let now = START
  const { id } = await begin({ clock: { now: () => now } }, { url: prometheus?.url ?? '', query: CONSTANTS })
  for (let minute = 0; minute < 30; minute++) {
    now += MINUTE
    await look()
  }
  const rollout = await read(id)
  expect(rollout.state.status).toBe('rolled-back')
  expect(rollout.verdicts).toMatchObject([{ kind: 'breached', evidence: { estimate: 410 / 90 } }])
})
