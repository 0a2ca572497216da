// @ts-check

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { throughput } from '../lib/http-load.mjs'
import { residentMb } from '../lib/memory.mjs'
import { quantile, rounded } from '../lib/numbers.mjs'
import { databaseUrl, inTemporaryFolder } from '../lib/server.mjs'
import { startDimmer } from '../ofrep/dimmer.mjs'
import { flags } from '../ofrep/flags.mjs'
import { startUnleash } from './unleash.mjs'

/** @import { Result, Row } from '../lib/types.ts' */
/** @import { LoadTimes, Target } from '../lib/http-load.mjs' */
/** @import { FlagSystem, SdkClient } from './system.ts' */

export const about = 'beside unleash-server: from change to SDK, rulesets and evaluations per second, memory'

/** @typedef {{ load: LoadTimes, clients: number, ours: number, byDefault: number, quickly: number }} Extent */
/** How many changes are timed in ours, in theirs as it polls by default, and in theirs as it polls quickly. @type {Extent} */
const WHOLE = { load: { rounds: 5, roundMs: 1_000, warmUpMs: 1_500 }, clients: 10, ours: 20, byDefault: 3, quickly: 10 }
/** @type {Extent} */
const QUICK = { load: { rounds: 2, roundMs: 300, warmUpMs: 300 }, clients: 3, ours: 3, byDefault: 1, quickly: 2 }
/** Nobody polls more slowly by default: Unleash's SDK does it every 15 s. */
const PATIENCE_MS = 60_000
const IDLE_MS = 5_000

/**
 * What is asked of both. `prepare` gives the request; 304s need the ETag of an answer.
 * @type {readonly { name: string, prepare: (system: FlagSystem) => Promise<Target> }[]}
 */
const CASES = [
  {
    name: 'ruleset of 200 flags, raw',
    prepare: async system => ruleset(system, { 'accept-encoding': 'identity' }, 200),
  },
  { name: 'ruleset, gzip', prepare: async system => ruleset(system, { 'accept-encoding': 'gzip' }, 200) },
  {
    name: 'ruleset, not changed (304)',
    prepare: async system => {
      const { path, headers } = system.ruleset
      const encoding = { 'accept-encoding': 'gzip' }
      const answer = await fetch(`http://127.0.0.1:${system.port}${path}`, { headers: { ...headers, ...encoding } })
      await answer.arrayBuffer()
      const etag = answer.headers.get('etag')
      if (etag === null) throw new Error(`${system.name} gave no ETag`)
      return ruleset(system, { ...encoding, 'if-none-match': etag }, 304)
    },
  },
  {
    name: '200 values for one context',
    prepare: async ({ port, values }) => ({ port, ...values, status: 200 }),
  },
]

/**
 * @param {FlagSystem} system
 * @param {Readonly<Record<string, string>>} headers
 * @param {number} status
 * @returns {Target}
 */
const ruleset = ({ port, ruleset: { path, headers: key } }, headers, status) => ({
  port,
  method: 'GET',
  path,
  headers: { ...key, ...headers },
  status,
})

/** What a flag system answers must be right before it is timed. @param {FlagSystem} system */
async function checkAnswers({ name, port, ruleset: rules, values }) {
  const url = `http://127.0.0.1:${port}`
  const ruleText = await (await fetch(url + rules.path, { headers: { ...rules.headers } })).text()
  const body = values.body?.(0)
  const answer = await fetch(url + values.path + (values.query?.(0) ?? ''), {
    method: values.method,
    headers: { ...values.headers, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body }),
  })
  const valueText = await answer.text()
  for (const { key } of flags) {
    if (!ruleText.includes(`"${key}"`)) throw new Error(`${name}: the ruleset has no ${key}`)
  }
  const served = flags.filter(({ key }) => valueText.includes(`"${key}"`)).length
  // Unleash names only what is on.
  if (served < flags.length / 4) throw new Error(`${name}: ${served} values for one context`)
}

/**
 * @param {readonly FlagSystem[]} systems
 * @param {LoadTimes} times
 * @returns {Promise<Row[]>}
 */
async function answersPerSecond(systems, times) {
  /** @type {Row[]} */
  const rows = []
  for (const { name, prepare } of CASES) {
    const targets = await Promise.all(systems.map(async system => ({ target: await prepare(system), pid: system.pid })))
    const measured = await throughput(targets, times)
    const row = compared(systems)
    const of = (/** @type {'perSecond' | 'perCpuSecond'} */ what) => measured.map(one => one[what])
    rows.push(...row(`${name}: answers`, '/s', of('perSecond')))
    rows.push(...row(`${name}: answers for a second of the server's CPU`, '', of('perCpuSecond')))
    rows.push(
      ...systems.map((system, index) => ({
        name: `${system.name}, ${name}: an answer`,
        value: measured[index]?.bytes ?? 0,
        unit: 'B',
      })),
    )
  }
  return rows
}

/**
 * A row for each system; in ours, how many times as much it is.
 * @param {readonly FlagSystem[]} systems
 * @returns {(name: string, unit: string, values: readonly number[]) => Row[]}
 */
const compared = systems => (name, unit, values) =>
  systems.map((system, index) => {
    const value = values[index] ?? 0
    const row = { name: `${system.name}, ${name}`, value: rounded(value), unit }
    const peer = systems[1 - index]
    if (index > 0 || peer === undefined) return row
    return { ...row, peer: peer.name, ratio: rounded(value / (values[1] ?? 0)) }
  })

/**
 * @param {readonly SdkClient[]} clients
 * @param {boolean} value
 * @returns {Promise<number[]>} when each first serves it
 */
const whenAllServe = (clients, value) =>
  Promise.all(
    clients.map(
      client =>
        new Promise((resolve, reject) => {
          const patience = setTimeout(() => reject(new Error('a client did not hear of the change')), PATIENCE_MS)
          const look = () => {
            if (client.isOn() !== value) return
            off()
            clearTimeout(patience)
            resolve(performance.now())
          }
          const off = client.onChange(look)
          look()
        }),
    ),
  )

/**
 * From asking for a change to the new value in each of some SDKs.
 * @param {FlagSystem} system
 * @param {{ what: string, count: number, changes: number, pollMs?: number }} how
 * @returns {Promise<Row[]>}
 */
async function changeToSdk(system, { what, count, changes, pollMs }) {
  /** @type {SdkClient[]} */
  const clients = []
  /** @type {number[]} */
  const times = []
  try {
    for (let i = 0; i < count; i++) {
      clients.push(await system.connect(pollMs === undefined ? {} : { pollMs }))
      // Polls of real SDKs are not in step.
      await delay(Math.random() * 200)
    }
    // What came before may still be on its way to them.
    await whenAllServe(clients, true)
    for (let i = 0; i < changes; i++) {
      const value = i % 2 === 1
      const served = whenAllServe(clients, value)
      const asked = performance.now()
      await system.switch(value)
      times.push(...(await served).map(time => time - asked))
      await delay(Math.random() * 1_000)
    }
    const row = (/** @type {number} */ q, /** @type {string} */ named) => ({
      name: `${system.name}, change to SDK (${what}), ${named}`,
      value: rounded(quantile(times, q)),
      unit: 'ms',
    })
    return [row(0.5, 'median'), row(0.95, 'p95')]
  } finally {
    await Promise.all(clients.map(client => client.close()))
    await system.switch(true)
  }
}

/** @param {string} dataDir */
async function emptyDatabase(dataDir) {
  const client = new pg.Client(await databaseUrl(dataDir))
  await client.connect()
  await client.query('create database unleash')
  await client.end()
  return databaseUrl(dataDir, 'unleash')
}

/**
 * @param {readonly FlagSystem[]} systems
 * @param {string} when
 * @returns {Row[]}
 */
const memory = (systems, when) =>
  systems.map(({ name, pid }) => ({ name: `${name}, resident ${when}`, value: rounded(residentMb(pid)), unit: 'MB' }))

/**
 * @param {readonly FlagSystem[]} systems ours and theirs
 * @param {Extent} extent
 * @returns {Promise<Row[]>}
 */
async function measure(systems, { load, clients: count, ours: changes, byDefault, quickly }) {
  const [ours, theirs] = systems
  if (ours === undefined || theirs === undefined) throw new Error('two are compared')
  for (const system of systems) await checkAnswers(system)
  await delay(IDLE_MS)
  const idle = memory(systems, 'with the flags, idle')
  const rows = await answersPerSecond(systems, load)
  const loaded = memory(systems, 'after the load')
  return [
    ...rows,
    ...(await changeToSdk(ours, { what: 'stream', count, changes })),
    ...(await changeToSdk(theirs, { what: 'polls each 15 s, its default', count, changes: byDefault })),
    ...(await changeToSdk(theirs, { what: 'polls each 100 ms', count, changes: quickly, pollMs: 100 })),
    ...idle,
    ...loaded,
  ]
}

/**
 * @param {{ quick?: boolean }} [options]
 * @returns {Promise<Result>}
 */
export const run = ({ quick = false } = {}) =>
  inTemporaryFolder(async dataDir => {
    const ours = await startDimmer(dataDir)
    try {
      const folder = join(dataDir, 'unleash')
      await mkdir(folder)
      const theirs = await startUnleash(await emptyDatabase(dataDir), folder)
      try {
        return { rows: await measure([ours, theirs], quick ? QUICK : WHOLE) }
      } finally {
        await theirs.stop()
      }
    } finally {
      await ours.stop()
    }
  })
