// @ts-check

import { fork } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createAdminClient } from '@dimmer/protocol'
import { quantile, rounded } from '../lib/numbers.mjs'
import { inTemporaryFolder, startServer } from '../lib/server.mjs'

/** @import { ChildProcess } from 'node:child_process' */
/** @import { AdminClient } from '@dimmer/protocol' */
/** @import { Result, Row } from '../lib/types.ts' */
/** @import { RunningServer } from '../lib/server.mjs' */
/** @import { Ask, Told } from './readers.mjs' */

export const about = 'one change to 1, 100, 1,000 and 5,000 streams; memory for each; all coming back; OFREP'

const readersFile = fileURLToPath(new URL('./readers.mjs', import.meta.url))
const place = { project: 'invoicing', environment: 'production', flag: 'ai-chatbot' }
const processes = 2
const patienceMs = 60_000
/** Streams -> changes timed, and the aim for the p99 in ms. */
const sizes = [
  { streams: 1, changes: 60 },
  { streams: 100, changes: 40, goal: 50 },
  { streams: 1_000, changes: 20 },
  { streams: 5_000, changes: 15, goal: 250 },
]

const now = () => performance.timeOrigin + performance.now()

/**
 * @param {ChildProcess} child
 * @param {Ask} ask
 * @returns {Promise<Told>}
 */
const asked = (child, ask) =>
  new Promise(resolve => {
    const hear = (/** @type {Told} */ told) => {
      if (told.kind !== ask.kind) return
      child.off('message', hear)
      resolve(told)
    }
    child.on('message', hear)
    child.send(ask)
  })

/** Processes full of streams, to one server. */
class Readers {
  /** @type {ChildProcess[]} */
  #children
  /** @type {number[]} */
  #live

  /**
   * @param {RunningServer} server
   * @param {string} key
   */
  constructor(server, key) {
    this.#children = Array.from({ length: processes }, () => fork(readersFile, ['127.0.0.1', String(server.port), key]))
    this.#live = this.#children.map(() => 0)
    for (const [index, child] of this.#children.entries()) {
      child.setMaxListeners(100)
      child.on('message', (/** @type {Told} */ told) => {
        if (told.kind === 'live') this.#live[index] = told.live
      })
    }
  }

  get live() {
    return this.#live.reduce((sum, live) => sum + live, 0)
  }

  /** @param {number} count in all */
  open(count) {
    for (const [index, child] of this.#children.entries()) {
      child.send({ kind: 'open', count: Math.floor((count + index) / processes) })
    }
    return this.until(count)
  }

  /** @param {number} count */
  async until(count) {
    const started = performance.now()
    while (this.live !== count) {
      if (performance.now() - started > patienceMs) throw new Error(`${this.live} of ${count} streams are live`)
      await delay(10)
    }
  }

  /**
   * When each stream got this version, epoch ms.
   * @param {number} version
   * @param {number} count
   */
  async arrivals(version, count) {
    const started = performance.now()
    for (;;) {
      const told = await Promise.all(this.#children.map(child => asked(child, { kind: 'arrivals', version })))
      const times = told.flatMap(one => (one.kind === 'arrivals' ? one.times : []))
      if (times.length === count) return times
      if (performance.now() - started > patienceMs)
        throw new Error(`${times.length} of ${count} got version ${version}`)
      await delay(20)
    }
  }

  /** When streams were asked for since the last call, epoch ms. */
  async attempts() {
    const told = await Promise.all(this.#children.map(child => asked(child, { kind: 'attempts' })))
    return told.flatMap(one => (one.kind === 'attempts' ? one.times : []))
  }

  close() {
    for (const child of this.#children) child.kill()
  }
}

/** @param {number} pid */
async function residentKb(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1])
}

/**
 * Times from asking the API to the arrival in each stream: streams often have it before the API has answered.
 * @param {AdminClient} admin
 * @param {Readers} readers
 * @param {{ streams: number, changes: number }} size
 */
async function changeAgainAndAgain(admin, readers, { streams, changes }) {
  /** @type {number[]} */
  const times = []
  for (let i = -3; i < changes; i++) {
    const asked = now()
    const { version } = await admin.switchFlag(place, i % 2 === 0)
    const arrived = await readers.arrivals(version, streams)
    if (i >= 0) times.push(...arrived.map(at => at - asked))
  }
  return times
}

/**
 * @param {RunningServer} server
 * @param {string} key
 * @param {typeof sizes[number]} size
 * @returns {Promise<Row[]>}
 */
async function fanOut(server, key, size) {
  const before = await residentKb(server.pid)
  const readers = new Readers(server, key)
  try {
    await readers.open(size.streams)
    const times = await changeAgainAndAgain(createAdminClient({ url: server.url }), readers, size)
    const name = `${size.streams.toLocaleString('en-US')} stream${size.streams === 1 ? '' : 's'}`
    const p99 = rounded(quantile(times, 0.99))
    const rows = [
      { name: `${name}: asked to arrived, median`, value: rounded(quantile(times, 0.5)), unit: 'ms' },
      {
        name: `${name}: asked to arrived, p99`,
        value: p99,
        unit: 'ms',
        ...(size.goal !== undefined && { goal: size.goal, met: p99 < size.goal }),
      },
    ]
    if (size.streams < 1_000) return rows
    const each = rounded(((await residentKb(server.pid)) - before) / size.streams)
    return [
      ...rows,
      { name: `${name}: server's resident memory for each`, value: each, unit: 'kB', goal: 15, met: each < 15 },
    ]
  } finally {
    readers.close()
    await delay(1_000)
  }
}

/**
 * The server is killed and started anew; all streams come back by themselves.
 * @param {string} dataDir
 * @param {RunningServer} server
 * @param {string} key
 * @returns {Promise<{ rows: Row[], server: RunningServer }>}
 */
async function comeBack(dataDir, server, key) {
  const streams = 5_000
  const readers = new Readers(server, key)
  try {
    await readers.open(streams)
    await readers.attempts()
    await server.kill()
    while (readers.live > 0) await delay(5)
    const next = await startServer(dataDir, { port: server.port })
    const ready = now()
    await readers.until(streams)
    const seconds = rounded((now() - ready) / 1_000)
    const attempts = await readers.attempts()
    /** @type {Map<number, number>} */
    const perSecond = new Map()
    for (const at of attempts) {
      const second = Math.floor((at - ready) / 1_000)
      perSecond.set(second, (perSecond.get(second) ?? 0) + 1)
    }
    return {
      server: next,
      rows: [
        {
          name: '5,000 streams: server ready again to all live',
          value: seconds,
          unit: 's',
          goal: 10,
          met: seconds < 10,
        },
        { name: '5,000 streams: most attempts in one second', value: Math.max(...perSecond.values()), unit: '/s' },
        { name: '5,000 streams: attempts for each stream', value: rounded(attempts.length / streams), unit: '' },
      ],
    }
  } finally {
    readers.close()
    await delay(1_000)
  }
}

/**
 * Bulk evaluation of all flags, each for another context.
 * @param {RunningServer} server
 * @param {string} key
 * @returns {Promise<Row[]>}
 */
async function ofrep(server, key) {
  const until = performance.now() + 5_000
  let answers = 0
  const caller = async (/** @type {number} */ which) => {
    for (let i = 0; performance.now() < until; i++) {
      const context = { targetingKey: `u-${which}-${i}`, accountId: `acc-${i}`, plan: 'free', country: 'US' }
      const answer = await fetch(`${server.url}/ofrep/v1/evaluate/flags`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify({ context }),
      })
      if (!answer.ok) throw new Error(`OFREP answered ${answer.status}`)
      await answer.arrayBuffer()
      answers++
    }
  }
  await Promise.all(Array.from({ length: 16 }, (_, which) => caller(which)))
  return [{ name: 'OFREP, all 5 flags for one context, 16 callers', value: rounded(answers / 5), unit: '/s' }]
}

/** @returns {Promise<Result>} */
export const run = () =>
  inTemporaryFolder(async dataDir => {
    let server = await startServer(dataDir)
    try {
      const admin = createAdminClient({ url: server.url })
      const { key } = await admin.createSdkKey(place.project, place.environment, { kind: 'server', name: 'bench' })
      /** @type {Row[]} */
      const rows = []
      for (const size of sizes) rows.push(...(await fanOut(server, key, size)))
      const back = await comeBack(dataDir, server, key)
      server = back.server
      return { rows: [...rows, ...back.rows, ...(await ofrep(server, key))] }
    } finally {
      await server.stop()
    }
  })
