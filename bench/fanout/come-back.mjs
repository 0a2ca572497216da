// @ts-check
import { setTimeout as delay } from 'node:timers/promises'
import { quantile, rounded } from '../lib/numbers.mjs'
import { startServer } from '../lib/server.mjs'
import { now, ReaderPool } from './reader-pool.mjs'

/** @import { Row } from '../lib/types.ts' */
/** @import { RunningServer } from '../lib/server.mjs' */

const streams = 5_000
const goalSeconds = 10
/** SDKs spread their receipts over two seconds. */
const receiptsMs = 3_000

/**
 * The most that fall into any one second.
 * @param {readonly number[]} times epoch ms
 */
function mostInASecond(times) {
  const sorted = [...times].sort((a, b) => a - b)
  let most = 0
  let first = 0
  for (const [index, time] of sorted.entries()) {
    while (time - (sorted[first] ?? time) >= 1_000) first++
    most = Math.max(most, index - first + 1)
  }
  return most
}

/**
 * The server is ended and started anew; all streams come back by themselves.
 * @param {string} dataDir
 * @param {RunningServer} server
 * @param {{ key: string, how: 'kill' | 'stop' }} options
 * @returns {Promise<{ rows: Row[], server: RunningServer }>}
 */
export async function comeBack(dataDir, server, { key, how }) {
  const readers = new ReaderPool([server], key)
  try {
    await readers.open(streams, { receipts: true })
    await delay(receiptsMs)
    await readers.requests()
    const ended = now()
    await server[how]()
    const next = await startServer(dataDir, { port: server.port })
    const ready = now()
    await readers.until(streams)
    const seconds = rounded((now() - ready) / 1_000)
    await delay(receiptsMs)
    const { attempts, taken, receipts } = await readers.requests()
    const name = `${streams.toLocaleString('en-US')} streams, server ${how === 'kill' ? 'killed' : 'stopped'}`
    return {
      server: next,
      rows: [
        { name: `${name}: ready again after`, value: rounded((ready - ended) / 1_000), unit: 's' },
        {
          name: `${name}: ready to all live`,
          value: seconds,
          unit: 's',
          goal: goalSeconds,
          met: seconds < goalSeconds,
        },
        {
          name: `${name}: ready to half of them asking`,
          value: rounded((quantile(taken, 0.5) - ready) / 1_000),
          unit: 's',
        },
        { name: `${name}: most attempts in one second`, value: mostInASecond(attempts), unit: '/s' },
        {
          name: `${name}: most requests that reached it, receipts too`,
          value: mostInASecond([...taken, ...receipts]),
          unit: '/s',
        },
        { name: `${name}: attempts for each`, value: rounded(attempts.length / streams), unit: '' },
      ],
    }
  } finally {
    await readers.close()
  }
}
