// @ts-check
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { compile, evaluate } from '@dimmer/engine'
import { createAdminClient } from '@dimmer/protocol'
import pg from 'pg'
import { canReadMemory, residentMb } from '../lib/memory.mjs'
import { quantile, rounded } from '../lib/numbers.mjs'
import { databaseUrl, inTemporaryFolder, startServer } from '../lib/server.mjs'
import { sendLoad } from './load.mjs'

/** @import { AdminClient } from '@dimmer/protocol' */
/** @import { RunningServer } from '../lib/server.mjs' */
/** @import { Result } from '../lib/types.ts' */

export const about = '200 clients send 20,000 events/s for a minute; the server is killed in the middle'

const clients = 200
const perClient = 100
const seconds = Number(process.env.BENCH_SECONDS ?? 60)
/** `BENCH_KILL=no`: nobody kills the server, to tell what the restart costs. */
const kills = process.env.BENCH_KILL !== 'no'
const accounts = 2_000
const name = 'request'
const place = { project: 'invoicing', environment: 'production', flag: 'bench-ingest' }
const settings = { DIMMER_LOOK_EVERY_MS: '1000' }

/**
 * A running rollout to half of the accounts, guarded by the events of the load, and a key to send them with.
 * @param {string} url
 */
async function setUp(url) {
  const admin = createAdminClient({ url })
  await admin.createFlag(place.project, {
    key: place.flag,
    type: 'boolean',
    config: { on: true, fallthrough: { variant: 'off' } },
  })
  const { key } = await admin.createSdkKey(place.project, place.environment, { kind: 'server', name: 'bench' })
  const { id } = await admin.createRollout(place.project, {
    flag: place.flag,
    environment: place.environment,
    variant: 'on',
    unit: 'account',
    stages: [{ percent: 50, hold: 'PT24H' }],
    guardrails: [
      { id: 'errors', kind: 'error-rate', event: name, maxRatio: 2 },
      { id: 'latency', kind: 'latency', event: name, quantile: 0.95, maxMs: 1_000 },
    ],
  })
  await admin.actOnRollout(place.project, id, { action: 'start' })
  await expose(url, key)
  return { admin, key, rollout: id }
}

/**
 * Every account is served once.
 * @param {string} url
 * @param {string} key
 */
async function expose(url, key) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const snapshot = compile(await (await fetch(`${url}/sdk/v1/ruleset`, { headers })).json())
  const at = Date.now()
  const firstExposures = Array.from({ length: accounts }, (_, index) => {
    const given = evaluate(snapshot, place.flag, { accountId: `acc-${index}` }, at)
    const { flagKey: flag, flagVersion, variant, unit, heldOutBy = null, reason } = given
    const rule = reason.kind === 'rule' ? reason.ruleId : null
    return { flag, flagVersion, variant, unit, unitId: `acc-${index}`, rule, heldOutBy, at: at - 5_000 }
  })
  const body = JSON.stringify({ batchId: randomUUID(), sentAt: at, firstExposures })
  const answer = await fetch(`${url}/sdk/v1/events`, { method: 'POST', headers, body })
  if (answer.status !== 202) throw new Error(await answer.text())
}

/** What was confirmed when, to look up how old a number of counted events is. */
class Confirmed {
  total = 0
  /** @type {{ at: number, total: number }[]} */
  #steps = []

  /** @param {number} events */
  add(events) {
    this.total += events
    this.#steps.push({ at: Date.now(), total: this.total })
  }

  /**
   * How long before `at` there was already more to count than `counted`; 0 if there wasn't.
   * @param {number} counted
   * @param {number} at
   */
  lagMs(counted, at) {
    const missed = this.#steps.find(({ total }) => total > counted)
    return missed === undefined ? 0 : Math.max(0, at - missed.at)
  }
}

/**
 * Looks at the verdicts all the time: how old is what they count?
 * @param {AdminClient} admin
 * @param {string} rollout
 * @param {Confirmed} confirmed
 */
function watchLag(admin, rollout, confirmed) {
  /** @type {number[]} */
  const lags = []
  let over = false
  const look = async () => {
    while (!over) {
      const now = Date.now()
      const seen = await admin.getRollout(place.project, rollout).catch(() => undefined)
      const verdict = seen?.verdicts[0]
      if (verdict !== undefined) {
        const { treated, control } = verdict.evidence.events
        lags.push(confirmed.lagMs(treated + control, now))
      }
      await delay(250)
    }
  }
  const looking = look()
  const stop = async () => {
    over = true
    await looking
  }
  return { lags, stop }
}

/**
 * What is on disk.
 * @param {string} dataDir
 */
async function stored(dataDir) {
  const client = new pg.Client(await databaseUrl(dataDir))
  await client.connect()
  try {
    const { rows } = await client.query(
      'select count(*)::int as events, count(distinct value)::int as numbers from events',
    )
    return rows[0]
  } finally {
    await client.end()
  }
}

/** @param {RunningServer} server */
const memoryRow = server =>
  canReadMemory
    ? [{ name: 'memory of the server, at the end', value: rounded(residentMb(server.pid)), unit: 'MB' }]
    : []

/** @returns {Promise<Result>} */
export const run = () =>
  inTemporaryFolder(async dataDir => {
    let server = await startServer(dataDir, { settings })
    try {
      const { admin, key, rollout } = await setUp(server.url)
      const confirmed = new Confirmed()
      /** @type {number[]} */
      const times = []
      const watch = watchLag(admin, rollout, confirmed)
      let downMs = 0
      const interruption = delay((seconds * 1_000) / 2).then(async () => {
        if (!kills) return
        const began = performance.now()
        await server.kill()
        server = await startServer(dataDir, { settings, port: server.port })
        downMs = performance.now() - began
      })
      const began = performance.now()
      const load = { url: server.url, key, name, clients, batch: perClient, accounts, seconds }
      const retries = await sendLoad(load, (events, tookMs) => {
        confirmed.add(events)
        times.push(tookMs)
      })
      const tookSeconds = (performance.now() - began) / 1_000
      await interruption
      await delay(10_000)
      await watch.stop()
      const { treated, control } = (await admin.getRollout(place.project, rollout)).verdicts[0]?.evidence.events ?? {
        treated: 0,
        control: 0,
      }
      const { events, numbers } = await stored(dataDir)
      if (kills && retries === 0) throw new Error('the kill interrupted nobody')
      const { state } = await admin.getRollout(place.project, rollout)
      if (state.status !== 'running') throw new Error(`the rollout is ${state.status}: its verdict no longer counts`)
      const rate = confirmed.total / tookSeconds
      const lag = quantile(watch.lags, 0.95)
      return {
        rows: [
          {
            name: `events per second over ${seconds} s, ${kills ? 'kill included' : 'no kill'}`,
            value: rounded(rate),
            unit: 'events/s',
            goal: 20_000,
            met: rate >= 19_000,
          },
          { name: 'batch confirmed, median', value: rounded(quantile(times, 0.5)), unit: 'ms' },
          { name: 'batch confirmed, p99 (kill included)', value: rounded(quantile(times, 0.99)), unit: 'ms' },
          { name: 'killed and ready again after', value: rounded(downMs), unit: 'ms' },
          { name: 'batches sent again', value: retries, unit: 'batches' },
          {
            name: 'events lost',
            value: confirmed.total - numbers,
            unit: 'events',
            goal: 0,
            met: confirmed.total === numbers,
          },
          { name: 'events stored twice', value: events - numbers, unit: 'events', goal: 0, met: events === numbers },
          {
            name: 'events missing in the verdict',
            value: confirmed.total - treated - control,
            unit: 'events',
            goal: 0,
            met: confirmed.total === treated + control,
          },
          { name: 'verdict behind what was confirmed, median', value: rounded(quantile(watch.lags, 0.5)), unit: 'ms' },
          {
            name: 'verdict behind what was confirmed, p95',
            value: rounded(lag),
            unit: 'ms',
            goal: 2_000,
            met: lag <= 2_000,
          },
          ...memoryRow(server),
        ],
      }
    } finally {
      await server.stop()
    }
  })
