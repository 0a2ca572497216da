// @ts-check

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createAdminClient } from '@dimmer/protocol'
import { quantile, rounded } from '../lib/numbers.mjs'
import { startRedis } from '../lib/redis.mjs'
import { databaseUrl, inTemporaryFolder, startServer } from '../lib/server.mjs'
import { comeBack } from './come-back.mjs'
import { memoryOfStreams } from './memory.mjs'
import { place } from './place.mjs'
import { now, ReaderPool } from './reader-pool.mjs'

/** @import { AdminClient } from '@dimmer/protocol' */
/** @import { Result, Row } from '../lib/types.ts' */
/** @import { RunningServer } from '../lib/server.mjs' */

export const about = 'one change to 1 to 5,000 streams, on one node and on three; all coming back; memory for each'

/** Streams -> changes timed, and the aim for the p99 in ms. */
const sizes = [
  { streams: 1, changes: 60 },
  { streams: 100, changes: 40, goal: 50 },
  { streams: 1_000, changes: 20 },
  { streams: 5_000, changes: 15, goal: 250 },
]

/**
 * Times from asking the API to the arrival in each stream: streams often have it before the API has answered.
 * @param {AdminClient} admin
 * @param {ReaderPool} readers
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
 * Streams over all nodes; each change is made at the first.
 * @param {readonly RunningServer[]} nodes
 * @param {string} key
 * @returns {Promise<Row[]>}
 */
async function fanOut(nodes, key) {
  /** @type {Row[]} */
  const rows = []
  for (const { goal, ...size } of sizes) {
    const readers = new ReaderPool(nodes, key)
    try {
      await readers.open(size.streams)
      const times = await changeAgainAndAgain(createAdminClient({ url: nodes[0]?.url ?? '' }), readers, size)
      const where = nodes.length === 1 ? 'one node' : `${nodes.length} nodes with Redis`
      const name = `${where}, ${size.streams.toLocaleString('en-US')} stream${size.streams === 1 ? '' : 's'}`
      const p99 = rounded(quantile(times, 0.99))
      rows.push({ name: `${name}: asked to arrived, median`, value: rounded(quantile(times, 0.5)), unit: 'ms' })
      const aim = goal === undefined ? {} : { goal, met: p99 < goal }
      rows.push({ name: `${name}: asked to arrived, p99`, value: p99, unit: 'ms', ...aim })
    } finally {
      await readers.close()
    }
  }
  return rows
}

/** @param {RunningServer} server */
async function newKey(server) {
  const admin = createAdminClient({ url: server.url })
  return (await admin.createSdkKey(place.project, place.environment, { kind: 'server', name: 'bench' })).key
}

/** @returns {Promise<Row[]>} */
const oneNode = () =>
  inTemporaryFolder(async dataDir => {
    let server = await startServer(dataDir)
    try {
      const key = await newKey(server)
      const rows = await fanOut([server], key)
      for (const how of /** @type {const} */ (['kill', 'stop'])) {
        const back = await comeBack(dataDir, server, { key, how })
        server = back.server
        rows.push(...back.rows)
      }
      return rows
    } finally {
      await server.stop()
    }
  })

/** @returns {Promise<Row[]>} */
async function threeNodes() {
  const redis = await startRedis()
  if (redis === undefined) {
    console.log('no redis-server is installed on this machine (Debian: redis-server): three nodes are not measured')
    return []
  }
  return inTemporaryFolder(async dataDir => {
    /** @type {RunningServer[]} */
    const nodes = []
    try {
      const settings = { REDIS_URL: redis.url, DIMMER_SECRET_KEY: 'the same on all three nodes of the bench' }
      nodes.push(await startServer(dataDir, { settings }))
      const shared = { ...settings, DATABASE_URL: await databaseUrl(dataDir) }
      for (const name of ['second', 'third']) {
        const folder = join(dataDir, name)
        await mkdir(folder)
        nodes.push(await startServer(folder, { settings: shared }))
      }
      const [first] = nodes
      return first === undefined ? [] : await fanOut(nodes, await newKey(first))
    } finally {
      // The first node brings the database, so it goes last.
      for (const node of nodes.reverse()) await node.stop()
      await redis.stop()
    }
  })
}

/** @returns {Promise<Result>} */
export const run = async () => ({
  rows: [...(await oneNode()), ...(await threeNodes()), ...(await memoryOfStreams())],
})
