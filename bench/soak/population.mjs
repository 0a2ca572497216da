// @ts-check
/**
 * A process full of clients, so that its memory shows leaks of the SDK: Node SDKs that stay, Node SDKs and browsers'
 * OFREP streams that come and go, evaluations and tracks. Arguments: server key, browser key, addresses of the nodes.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { createClient } from '@dimmer/node'

/** @import { DimmerClient } from '@dimmer/node' */

/**
 * Which clients there are: those that the soak expects to be in step are of nodes that are up.
 * @typedef {{ url: string, state: string, version: number | undefined }} ClientState
 * @typedef {{ kind: 'report' } | { kind: 'revoke', key: string } | { kind: 'end' }} Ask
 * @typedef {{ kind: 'report', clients: readonly ClientState[], browsers: Browsers, failures: readonly string[], rss: number, heap: number } | { kind: 'revoked', afterMs: number } | { kind: 'connected' }} Told
 * @typedef {{ streams: number, opened: number, told: number, answers: number }} Browsers
 */

const [serverKey = '', browserKey = '', ...urls] = process.argv.slice(2)
const STAYING = 150
const PASSING = 50
const BROWSERS = 40
const TURN_MS = 1_000
/** Clients that evaluate and track in each turn. */
const ACTIVE = 10
const BROWSER_STAYS_MS = { least: 5_000, most: 60_000 }

/** @type {Browsers} */
const browsers = { streams: 0, opened: 0, told: 0, answers: 0 }
/** @type {string[]} */
const failures = []
let over = false

/** @param {Told} message */
const tell = message => process.send?.(message)
/** @param {number} below */
const chance = below => Math.floor(Math.random() * below)
/** @param {number} index */
const urlOf = index => urls[index % urls.length] ?? ''
const person = () => ({ userId: `u-${chance(500)}`, accountId: `acc-${chance(100)}`, plan: 'pro', country: 'FR' })

/** @typedef {{ client: DimmerClient, url: string }} Placed */
/**
 * @param {number} index
 * @param {string} [sdkKey]
 * @returns {Placed}
 */
const connect = (index, sdkKey = serverKey) => {
  const url = urlOf(index)
  return { url, client: createClient({ url, sdkKey, flushIntervalMs: 30_000, log: () => undefined }) }
}

/** @type {Placed[]} */
const staying = []
/** @type {Placed[]} */
const passing = []

/** One in, one out. */
async function pass() {
  for (let index = 0; !over; index++) {
    passing.push(connect(index))
    if (passing.length > PASSING) await passing.shift()?.client.close()
    await delay(TURN_MS)
  }
}

async function work() {
  while (!over) {
    for (let i = 0; i < ACTIVE; i++) {
      const client = [...staying, ...passing][chance(staying.length + passing.length)]?.client
      const who = person()
      if (client?.isEnabled('new-pdf-engine', who)) client.track('invoice-saved', who, { value: chance(100) })
    }
    await delay(TURN_MS)
  }
}

/**
 * @param {string} url
 * @param {object} context
 * @param {AbortSignal} signal
 */
async function ask(url, context, signal) {
  const response = await fetch(`${url}/ofrep/v1/evaluate/flags`, {
    method: 'POST',
    headers: { authorization: `Bearer ${browserKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ context }),
    signal,
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(`OFREP answered ${response.status}`)
  browsers.answers++
  return answer
}

/**
 * A page: asks for its values, opens the stream that the answer names, asks again when told to, and leaves.
 * @param {string} url
 */
async function visit(url) {
  const leave = new AbortController()
  const { least, most } = BROWSER_STAYS_MS
  const timer = setTimeout(() => leave.abort(), least + chance(most - least))
  const context = { targetingKey: `u-${chance(500)}`, ...person() }
  try {
    const { eventStreams } = await ask(url, context, leave.signal)
    const response = await fetch(new URL(eventStreams[0].endpoint.requestUri, url), { signal: leave.signal })
    if (!response.ok || response.body === null) throw new Error(`the event stream answered ${response.status}`)
    browsers.opened++
    browsers.streams++
    try {
      const decoder = new TextDecoder()
      for await (const chunk of response.body) {
        if (!decoder.decode(chunk).includes('refetchEvaluation')) continue
        browsers.told++
        await ask(url, context, leave.signal)
      }
    } finally {
      browsers.streams--
    }
  } finally {
    clearTimeout(timer)
    leave.abort()
  }
}

/** @param {number} index */
async function browse(index) {
  while (!over) {
    // A node that is being restarted, or the page that left.
    await visit(urlOf(index)).catch(() => undefined)
    await delay(chance(2 * TURN_MS))
  }
}

/** @param {string} key that will be revoked */
async function untilRevoked(key) {
  const { client } = connect(0, key)
  const { error } = await client.ready({ timeoutMs: 10_000 })
  if (error !== undefined) failures.push(`with a new key: ${error}`)
  const started = performance.now()
  tell({ kind: 'connected' })
  while (!client.status().refused && performance.now() - started < 20_000) await delay(50)
  tell({ kind: 'revoked', afterMs: performance.now() - started })
  await client.close()
}

function report() {
  const clients = [...staying, ...passing].map(({ client, url }) => {
    const { state, version } = client.status()
    return { url, state, version }
  })
  const { rss, heapUsed: heap } = process.memoryUsage()
  tell({ kind: 'report', clients, browsers, failures: failures.splice(0), rss, heap })
}

process.on('disconnect', () => process.exit())
process.on('message', async (/** @type {Ask} */ asked) => {
  if (asked.kind === 'report') report()
  if (asked.kind === 'revoke') await untilRevoked(asked.key)
  if (asked.kind === 'end') {
    over = true
    await Promise.all([...staying, ...passing].map(({ client }) => client.close()))
    process.disconnect()
  }
})

for (let index = 0; index < STAYING; index++) staying.push(connect(index))
void pass()
void work()
for (let index = 0; index < BROWSERS; index++) void browse(index)
