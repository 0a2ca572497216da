// @ts-check
/**
 * A process with many streams: plain sockets that note when each version arrived, and come back and send receipts as
 * SDKs do. Arguments: SDK key, and the ports of the nodes, over which the streams are dealt.
 */
import { connect } from 'node:net'
import { BackOff, RECONNECT } from '@dimmer/sdk-core'

/**
 * What the bench asks for, and what it is told.
 * @typedef {{ kind: 'open', count: number, receipts: boolean } | { kind: 'arrivals', version: number } | { kind: 'requests' }} Ask
 * @typedef {{ kind: 'live', live: number } | { kind: 'arrivals', times: readonly number[] } | { kind: 'requests' } & Requests} Told
 */
/**
 * Epoch ms of what was sent: connections asked for, those of them that a server took, receipts.
 * @typedef {{ attempts: readonly number[], taken: readonly number[], receipts: readonly number[] }} Requests
 */

const host = '127.0.0.1'
const [key = '', ...ports] = process.argv.slice(2)
/** A stream that has not begun by then is given up, as in @dimmer/node. */
const CONNECT_MS = 10_000
/** How the first streams are opened is not what is measured, and must not be too much for a server on a busy machine. */
const OPENED_TOGETHER = 100
const VERSION = /^id: (\d+)$/gm
const RECEIPT_DELAY = /"receiptDelayMs":(\d+)/

/** Epoch ms with fractions, the same clock in every process of this machine. */
const now = () => performance.timeOrigin + performance.now()

/** @type {Map<number, number[]>} */
const arrivals = new Map()
/** @type {{ attempts: number[], taken: number[], receipts: number[] }} */
const sent = { attempts: [], taken: [], receipts: [] }
let live = 0
let sendsReceipts = false

/** @param {Told} message */
const tell = message => process.send?.(message)

/**
 * @param {string} port
 * @param {string} start method and path
 * @param {readonly string[]} headers
 */
const request = (port, start, headers) =>
  [`${start} HTTP/1.1`, `host: ${host}:${port}`, `authorization: Bearer ${key}`, ...headers, '', ''].join('\r\n')

/**
 * @param {string} port
 * @param {string} instance
 * @param {number} version
 */
function sendReceipt(port, instance, version) {
  const body = JSON.stringify({ version, state: 'live' })
  const headers = [
    `x-dimmer-instance: ${instance}`,
    'x-dimmer-sdk: bench/1',
    'content-type: application/json',
    `content-length: ${body.length}`,
    'connection: close',
  ]
  const socket = connect({ host, port: Number(port) }, () =>
    socket.write(request(port, 'POST /sdk/v1/receipts', headers) + body),
  )
  sent.receipts.push(now())
  socket.on('error', () => undefined)
  socket.resume()
}

/** @param {number} index */
function openStream(index) {
  const backOff = new BackOff({ now, random: Math.random, ...RECONNECT })
  const port = ports[index % ports.length] ?? ''
  const instance = `reader-${process.pid}-${index}`
  let newest = 0
  const open = () => {
    sent.attempts.push(now())
    let isLive = false
    const resume = newest === 0 ? [] : [`last-event-id: ${newest}`]
    const names = [`x-dimmer-instance: ${instance}`, 'x-dimmer-sdk: bench/1']
    const socket = connect({ host, port: Number(port) }, () => {
      sent.taken.push(now())
      socket.write(request(port, 'GET /sdk/v1/stream', [...names, ...resume]))
    })
    socket.setNoDelay(true)
    const patience = setTimeout(() => isLive || socket.destroy(), CONNECT_MS)
    socket.on('data', chunk => {
      const said = chunk.toString('latin1')
      if (!isLive && said.includes('event: hello')) {
        isLive = true
        backOff.up()
        live++
        const delay = Math.random() * Number(RECEIPT_DELAY.exec(said)?.[1] ?? 0)
        if (sendsReceipts) setTimeout(() => sendReceipt(port, instance, newest), delay)
      }
      for (const [, text] of said.matchAll(VERSION)) {
        const version = Number(text)
        if (version <= newest) continue
        newest = version
        const times = arrivals.get(version) ?? []
        times.push(now())
        arrivals.set(version, times)
      }
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearTimeout(patience)
      if (isLive) live--
      setTimeout(open, backOff.next())
    })
  }
  open()
}

process.on('disconnect', () => process.exit())
process.on('message', (/** @type {Ask} */ ask) => {
  if (ask.kind === 'arrivals') tell({ kind: 'arrivals', times: arrivals.get(ask.version) ?? [] })
  if (ask.kind === 'requests') {
    const { attempts, taken, receipts } = sent
    tell({
      kind: 'requests',
      attempts: attempts.splice(0),
      taken: taken.splice(0),
      receipts: receipts.splice(0),
    })
  }
  if (ask.kind === 'open') {
    sendsReceipts = ask.receipts
    let opened = 0
    const some = setInterval(() => {
      while (opened < ask.count && opened - live < OPENED_TOGETHER) openStream(opened++)
      if (opened === ask.count) clearInterval(some)
    }, 5)
  }
})
setInterval(() => tell({ kind: 'live', live }), 20)
