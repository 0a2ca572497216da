// @ts-check
import { setTimeout as delay } from 'node:timers/promises'
import { createAdminClient } from '@dimmer/protocol'
import { canReadMemory, residentMb } from '../lib/memory.mjs'
import { median, rounded } from '../lib/numbers.mjs'
import { inTemporaryFolder, startServer } from '../lib/server.mjs'
import { place } from './place.mjs'
import { ReaderPool } from './reader-pool.mjs'

/** @import { Row } from '../lib/types.ts' */

const streams = 5_000
const runs = 3
const goalKb = 15
/** Long enough for what opening them left behind to be collected, as far as the collector cares to. */
const settleMs = 5_000

/** @returns {Promise<number>} kB for each stream, of a server that has had none before */
const once = () =>
  inTemporaryFolder(async dataDir => {
    const server = await startServer(dataDir)
    try {
      const admin = createAdminClient({ url: server.url })
      const { key } = await admin.createSdkKey(place.project, place.environment, { kind: 'server', name: 'bench' })
      await delay(settleMs)
      const before = residentMb(server.pid)
      const readers = new ReaderPool([server], key)
      try {
        await readers.open(streams)
        await delay(settleMs)
        return ((residentMb(server.pid) - before) * 1_024) / streams
      } finally {
        await readers.close()
      }
    } finally {
      await server.stop()
    }
  })

/** @returns {Promise<Row[]>} */
export async function memoryOfStreams() {
  if (!canReadMemory) return []
  /** @type {number[]} */
  const each = []
  for (let run = 0; run < runs; run++) each.push(await once())
  const name = `${streams.toLocaleString('en-US')} streams: server's resident memory for each`
  const value = rounded(median(each))
  return [
    { name: `${name}, median of ${runs}`, value, unit: 'kB', goal: goalKb, met: value < goalKb },
    { name: `${name}, most`, value: rounded(Math.max(...each)), unit: 'kB' },
  ]
}
