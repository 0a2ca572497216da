// @ts-check
/** Clients that send events at a given rate, and never give a batch up. */
import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'

const RETRY_MS = 200

/**
 * Answers with the status, 0 if there was none.
 * @param {{ url: string, key: string, agent: Agent }} to
 * @param {string} body
 * @returns {Promise<number>}
 */
const post = ({ url, key, agent }, body) =>
  new Promise(resolve => {
    const headers = {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    }
    const sent = request(`${url}/sdk/v1/events`, { method: 'POST', agent, headers, timeout: 30_000 }, answer => {
      answer.resume()
      answer.once('end', () => resolve(answer.statusCode ?? 0))
      answer.once('error', () => resolve(0))
    })
    sent.once('timeout', () => sent.destroy())
    sent.once('error', () => resolve(0))
    sent.end(body)
  })

/**
 * One batch of events, each with a number of its own as its value.
 * @param {{ name: string, first: number, size: number, accounts: number }} batch
 */
function batchBody({ name, first, size, accounts }) {
  const at = Date.now()
  const tracks = Array.from({ length: size }, (_, index) => {
    const number = first + index
    return {
      name,
      at: at - (index % 1_000),
      units: { account: `acc-${(number * 7919) % accounts}` },
      ok: (number * 31) % 199 !== 0,
      ms: 20 + (number % 400),
      value: number,
    }
  })
  return JSON.stringify({ batchId: randomUUID(), sentAt: at, tracks })
}

/**
 * @typedef {object} Load
 * @property {string} url
 * @property {string} key
 * @property {string} name of the events
 * @property {number} clients
 * @property {number} batch events in each batch
 * @property {number} accounts
 * @property {number} seconds
 */

/**
 * Sends one batch per client and second; a batch that isn't confirmed is sent again until it is, with the same id.
 * @param {Load} load
 * @param {(events: number, tookMs: number) => void} confirmed
 * @returns {Promise<number>} how often a batch had to be sent again
 */
export async function sendLoad(load, confirmed) {
  const agent = new Agent({ keepAlive: true, maxSockets: load.clients })
  const started = performance.now()
  let retries = 0
  const client = async (/** @type {number} */ number) => {
    for (let round = 0; round < load.seconds; round++) {
      const due = started + (round + number / load.clients) * 1_000
      await delay(Math.max(0, due - performance.now()))
      const first = (round * load.clients + number) * load.batch
      const body = batchBody({ name: load.name, first, size: load.batch, accounts: load.accounts })
      const sent = performance.now()
      while ((await post({ ...load, agent }, body)) !== 202) {
        retries++
        await delay(RETRY_MS)
      }
      confirmed(load.batch, performance.now() - sent)
    }
  }
  await Promise.all(Array.from({ length: load.clients }, (_, number) => client(number)))
  agent.destroy()
  return retries
}
