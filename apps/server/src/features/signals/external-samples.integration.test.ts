import type { ExternalMetric } from '@dimmer/rollout'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { SAMPLE, startTestServer, type TestServer } from '../../../test/test-server.ts'
import { createSealer } from '../../kernel/seal.ts'
import { type NumberSource, SourceError, type SourcePlace } from '../../ports/number-source.ts'
import { findEnvironment } from '../projects/index.ts'
import { ExternalSamples, type ExternalSubject } from './index.ts'

const START = Date.UTC(2026, 5, 1, 12)
const MINUTE = 60_000
const SETTLE = 15_000
const sealer = createSealer('a secret of these tests and no others')
const metric: ExternalMetric = {
  kind: 'external',
  key: 'render',
  version: 1,
  name: 'Render time',
  worse: 'higher',
  query: 'max(render_ms{variant="{{variant}}", group="{{ group }}"})',
  every: 'PT1M',
}

let now = START
let server: TestServer
let samples: ExternalSamples
let subject: ExternalSubject
let asked: { readonly query: string; readonly at: number }[]
let opened: SourcePlace[]
let answer: NumberSource['numberAt']

beforeEach(async () => {
  now = START
  asked = []
  opened = []
  answer = async query => (query.includes('treated') ? 410 : 90)
  server = await startTestServer({ clock: { now: () => now }, sealer: { with: sealer } })
  const { id } = await server.admin.createRollout(SAMPLE.project, {
    flag: 'new-pdf-engine',
    environment: 'production',
    variant: 'on',
    unit: 'account',
    stages: [{ percent: 5, hold: 'PT1H' }],
    guardrails: [{ id: 'errors', kind: 'error-rate', event: 'pdf.generated', maxRatio: 2 }],
  })
  const environment = await findEnvironment(server.db, SAMPLE.project, SAMPLE.environment)
  subject = {
    environmentId: environment.id,
    rolloutId: id,
    guardrailId: 'render',
    metric,
    since: START,
    variants: { treated: 'on', control: 'off' },
  }
  const openSource = (place: SourcePlace): NumberSource => {
    opened.push(place)
    return {
      numberAt: (query, at) => {
        asked.push({ query, at })
        return answer(query, at)
      },
    }
  }
  samples = new ExternalSamples({ db: server.db, clock: { now: () => now }, sealer, openSource })
})
afterEach(() => server.stop())

const connect = () =>
  server.admin.createConnection(SAMPLE.project, SAMPLE.environment, {
    key: 'prom',
    kind: 'prometheus',
    name: 'P',
    settings: { url: 'https://prometheus.example.com' },
    secret: 'bearer-token',
  })
const health = async () => (await server.admin.listConnections(SAMPLE.project, SAMPLE.environment))[0]?.health

it('reads each window once, when it is complete, for both groups', async () => {
  await connect()
  now = START + MINUTE + SETTLE - 1
  expect(await samples.upToNow(subject)).toEqual([])
  now += 1
  expect(await samples.upToNow(subject)).toEqual([{ at: START + MINUTE, treated: 410, control: 90 }])
  expect(asked.map(({ query }) => query)).toEqual([
    'max(render_ms{variant="on", group="treated"})',
    'max(render_ms{variant="off", group="control"})',
  ])
  answer = async () => 1
  now += MINUTE
  expect(await samples.upToNow(subject)).toEqual([
    { at: START + MINUTE, treated: 410, control: 90 },
    { at: START + 2 * MINUTE, treated: 1, control: 1 },
  ])
  expect(opened[0]).toEqual({ url: 'https://prometheus.example.com', token: 'bearer-token' })
  expect(await health()).toMatchObject({ passed: 2, refused: 0 })
})

it('catches up with what it missed, some windows at each look', async () => {
  await connect()
  now = START + 30 * MINUTE + SETTLE
  expect(await samples.upToNow(subject)).toHaveLength(20)
  expect((await samples.upToNow(subject)).map(({ at }) => (at - START) / MINUTE)).toEqual(
    Array.from({ length: 30 }, (_, index) => index + 1),
  )
})

it('leaves out windows without a number, and does not ask about them again', async () => {
  await connect()
  answer = async query => (query.includes('treated') ? undefined : 90)
  now = START + MINUTE + SETTLE
  expect(await samples.upToNow(subject)).toEqual([])
  answer = async query => (query.includes('treated') ? 5 : undefined)
  now += MINUTE
  expect(await samples.upToNow(subject)).toEqual([{ at: START + 2 * MINUTE, treated: 5 }])
  expect(asked).toHaveLength(4)
})

it('says at the connection what went wrong, waits, and loses no window', async () => {
  await connect()
  answer = () => Promise.reject(new SourceError('Prometheus could not be asked: it is away', { passing: true }))
  now = START + MINUTE + SETTLE
  expect(await samples.upToNow(subject)).toEqual([])
  expect(await health()).toMatchObject({ refused: 1, lastProblem: 'Prometheus could not be asked: it is away' })
  answer = async () => 7
  now += 29_000
  expect(await samples.upToNow(subject)).toEqual([])
  now += 1_000
  expect(await samples.upToNow(subject)).toEqual([{ at: START + MINUTE, treated: 7, control: 7 }])
})

it('gives nothing while no Prometheus is connected', async () => {
  now = START + MINUTE + SETTLE
  expect(await samples.upToNow(subject)).toEqual([])
  expect(asked).toEqual([])
})
