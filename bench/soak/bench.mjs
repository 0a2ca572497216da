// @ts-check

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createAdminClient } from '@dimmer/protocol'
import { Child } from '../lib/child.mjs'
import { cpuSeconds, familyMb } from '../lib/memory.mjs'
import { median, quantile, rounded } from '../lib/numbers.mjs'
import { databaseUrl, inTemporaryFolder, startServer } from '../lib/server.mjs'
import { rowsTable } from '../lib/table.mjs'
import { sampleServer } from './samples.mjs'
import { slopePerHour } from './slope.mjs'

/** @import { AdminClient } from '@dimmer/protocol' */
/** @import { RunningServer } from '../lib/server.mjs' */
/** @import { Result, Row } from '../lib/types.ts' */
/** @import { Ask, Told } from './population.mjs' */
/** @import { Sample } from './samples.mjs' */

export const about = 'half an hour of changes, streams that come and go, events and restarts: is memory flat?'

const populationFile = fileURLToPath(new URL('./population.mjs', import.meta.url))
const place = { project: 'invoicing', environment: 'production', flag: 'ai-chatbot' }
const SECRET = 'the same on both nodes of the soak'
const SAMPLE_MS = 10_000
const CHANGE_MS = 10_000
const REVOKE_MS = 60_000
const RESTART_MS = 300_000
/** A change must be everywhere after this, or it counts as late. */
const ARRIVES_MS = 5_000
/** Caches fill and code is compiled in the first of these minutes; they don't count for the slope. */
const WARM_UP_SHARE = 1 / 6
/** What a floor is the least of. */
const STRETCH_MS = 60_000

/** Half an hour, or so many seconds. */
const seconds = (/** @type {boolean} */ quick) => Number(process.env.BENCH_SECONDS ?? (quick ? 120 : 1_800))

/** Two nodes on one database; the second is restarted now and then. */
class Soak {
  /** @type {Sample[]} */
  samples = []
  /** @type {{ atMs: number, value: number }[]} */
  population = []
  /** @type {number[]} */
  database = []
  changes = 0
  late = 0
  /** @type {number[]} */
  revoked = []
  restarts = 0
  /** Said to be live with an older version than the change of five seconds before. */
  livedALie = 0
  /** @type {string[]} */
  failures = []
  over = false
  #started = performance.now()
  /** @type {{ first: RunningServer, second: RunningServer, folder: string, settings: Record<string, string> }} */
  #nodes
  /** @type {Child<Ask, Told>} */
  #child
  /** @type {AdminClient} */
  #admin
  #restarting = false

  /**
   * @param {{ first: RunningServer, second: RunningServer, folder: string, settings: Record<string, string> }} nodes
   * @param {Child<Ask, Told>} child
   */
  constructor(nodes, child) {
    this.#nodes = nodes
    this.#child = child
    this.#admin = createAdminClient({ url: nodes.first.url })
  }

  get #atMs() {
    return performance.now() - this.#started
  }

  /** The node that stays, for its memory. */
  async sample() {
    const { first } = this.#nodes
    this.samples.push(await sampleServer(first, this.#atMs))
    const { rss, failures } = await this.#child.ask({ kind: 'report' }, 'report')
    this.population.push({ atMs: this.#atMs, value: rss / 2 ** 20 })
    this.database.push(familyMb(first.pid))
    this.failures.push(...failures)
  }

  /** A change at either node; then whether all have it. */
  async change() {
    const { first, second } = this.#nodes
    const url = this.changes % 2 === 0 || this.#restarting ? first.url : second.url
    const { version } = await createAdminClient({ url }).switchFlag(place, this.changes % 4 < 2)
    this.changes++
    await delay(ARRIVES_MS)
    const { clients } = await this.#child.ask({ kind: 'report' }, 'report')
    const behind = clients.filter(client => (client.version ?? 0) < version)
    this.livedALie += behind.filter(({ state }) => state === 'live').length
    // Those of a node that is away are behind, and say so.
    if (!this.#restarting && behind.length > 0) this.late++
  }

  /** A key is revoked: who uses it is cut off. */
  async revoke() {
    const { project, environment } = place
    const name = `soak ${this.revoked.length}`
    const { id, key } = await this.#admin.createSdkKey(project, environment, { kind: 'server', name })
    const gone = this.#child.heard('revoked')
    await this.#child.ask({ kind: 'revoke', key }, 'connected')
    await this.#admin.revokeSdkKey(project, environment, id)
    this.revoked.push((await gone).afterMs)
  }

  async restart() {
    this.#restarting = true
    const { second, folder, settings } = this.#nodes
    await second[this.restarts % 2 === 0 ? 'stop' : 'kill']()
    this.restarts++
    this.#nodes.second = await startServer(folder, { port: second.port, settings })
    await delay(2 * ARRIVES_MS)
    this.#restarting = false
  }

  /**
   * Does something again and again until the end; what fails is counted and goes on.
   * @param {() => Promise<void>} work
   * @param {number} everyMs
   */
  async again(work, everyMs) {
    while (!this.over) {
      const began = performance.now()
      await work.call(this).catch(error => this.failures.push(String(error)))
      while (!this.over && performance.now() - began < everyMs) await delay(100)
    }
  }

  stopSecond() {
    return this.#nodes.second.stop()
  }
}

/**
 * First and last of what counts, and how steep it is between.
 * @param {string} name
 * @param {readonly { atMs: number, value: number }[]} samples
 * @param {string} unit
 * @returns {Row[]}
 */
function trend(name, samples, unit) {
  const counted = samples.slice(Math.floor(samples.length * WARM_UP_SHARE))
  const values = counted.map(({ value }) => value)
  return [
    {
      name: `${name}: median of the first tenth that counts`,
      value: rounded(median(values.slice(0, Math.ceil(values.length / 10)))),
      unit,
    },
    {
      name: `${name}: median of the last tenth`,
      value: rounded(median(values.slice(-Math.ceil(values.length / 10)))),
      unit,
    },
    { name: `${name}: slope of the floor`, value: rounded(slopePerHour(counted, STRETCH_MS)), unit: `${unit}/h` },
  ]
}

/**
 * @param {Soak} soak
 * @param {number} cpuShare
 * @returns {Row[]}
 */
function rowsOf(soak, cpuShare) {
  const of = (/** @type {Exclude<keyof Sample, 'atMs'>} */ what) =>
    soak.samples.map(sample => ({ atMs: sample.atMs, value: sample[what] }))
  const lags = soak.samples.map(({ lagMs }) => lagMs)
  return [
    ...trend('server, resident', of('rssMb'), 'MB'),
    ...trend('server, heap', of('heapMb'), 'MB'),
    ...trend('server, outside the heap', of('outsideMb'), 'MB'),
    ...trend('server, file descriptors', of('descriptors'), ''),
    ...trend('server, handles', of('handles'), ''),
    ...trend('process of the SDK clients, resident', soak.population, 'MB'),
    { name: 'server and database, median', value: rounded(median(soak.database)), unit: 'MB' },
    { name: 'event loop lag of the server, median of the p99s', value: rounded(median(lags)), unit: 'ms' },
    { name: 'event loop lag of the server, most', value: rounded(Math.max(...lags)), unit: 'ms' },
    { name: 'streams at the server, median', value: median(soak.samples.map(({ streams }) => streams)), unit: '' },
    { name: 'changes', value: soak.changes, unit: '' },
    { name: 'changes that were not everywhere after 5 s', value: soak.late, unit: '', goal: 0, met: soak.late === 0 },
    { name: 'clients that were live and behind', value: soak.livedALie, unit: '', goal: 0, met: soak.livedALie === 0 },
    { name: 'keys revoked', value: soak.revoked.length, unit: '' },
    {
      name: 'a key revoked: from connected to refused for good, p95',
      value: rounded(quantile(soak.revoked, 0.95)),
      unit: 'ms',
    },
    { name: 'restarts of the second node', value: soak.restarts, unit: '' },
    { name: 'calls of the soak that failed', value: soak.failures.length, unit: '' },
    { name: 'CPU of both nodes and the clients', value: rounded(100 * cpuShare), unit: '% of a core' },
  ]
}

/**
 * Some twenty of the samples, for whoever wants to see more than a slope.
 * @param {readonly Sample[]} samples
 */
function samplesTable(samples) {
  const every = Math.ceil(samples.length / 20)
  const lines = samples
    .filter((_, index) => index % every === 0)
    .map(({ atMs, rssMb, heapMb, outsideMb, descriptors, handles, lagMs, streams }) =>
      [atMs / 60_000, rssMb, heapMb, outsideMb, descriptors, handles, lagMs, streams]
        .map(value => value.toFixed(1).padStart(8))
        .join(''),
    )
  return ['minute, resident MB, heap MB, outside MB, descriptors, handles, lag ms, streams', ...lines].join('\n')
}

/** @returns {Promise<Result>} */
export const run = ({ quick = false } = {}) =>
  inTemporaryFolder(async dataDir => {
    const first = await startServer(dataDir, { settings: { DIMMER_SECRET_KEY: SECRET } })
    const folder = join(dataDir, 'second')
    await mkdir(folder)
    const settings = { DIMMER_SECRET_KEY: SECRET, DATABASE_URL: await databaseUrl(dataDir) }
    const second = await startServer(folder, { settings })
    const admin = createAdminClient({ url: first.url })
    const { project, environment } = place
    const server = await admin.createSdkKey(project, environment, { kind: 'server', name: 'soak' })
    const browser = await admin.createSdkKey(project, environment, { kind: 'browser', name: 'soak' })
    /** @type {Child<Ask, Told>} */
    const child = new Child(populationFile, [server.key, browser.key, first.url, second.url])
    const soak = new Soak({ first, second, folder, settings }, child)
    try {
      const started = performance.now()
      const cpu = () => cpuSeconds(first.pid) + cpuSeconds(child.pid)
      const cpuBefore = cpu()
      const going = [
        soak.again(soak.sample, SAMPLE_MS),
        soak.again(soak.change, CHANGE_MS),
        soak.again(soak.revoke, REVOKE_MS),
        delay(RESTART_MS / 2).then(() => soak.again(soak.restart, RESTART_MS)),
      ]
      await delay(seconds(quick) * 1_000)
      const cpuShare = (cpu() - cpuBefore) / ((performance.now() - started) / 1_000)
      soak.over = true
      await Promise.all(going)
      child.send({ kind: 'end' })
      await child.ended()
      for (const failure of new Set(soak.failures)) console.log(`failed: ${failure}`)
      const rows = rowsOf(soak, cpuShare)
      return { rows, text: `${samplesTable(soak.samples)}\n\n${rowsTable(rows)}` }
    } finally {
      child.kill()
      await soak.stopSecond()
      await first.stop()
    }
  })
