// @ts-check
/** A process with many streams: plain sockets that note when each version arrived, and come back as SDKs do. */
import { connect } from 'node:net'
import { BackOff } from '@dimmer/sdk-core'

/**
 * What the bench asks for, and what it is told.
 * @typedef {{ kind: 'open', count: number } | { kind: 'arrivals', version: number } | { kind: 'attempts' }} Ask
 * @typedef {{ kind: 'live', live: number } | { kind: 'arrivals', times: readonly number[] } | { kind: 'attempts', times: readonly number[] }} Told
 */

const [host = '', port = '', key = ''] = process.argv.slice(2)
/** The delays of @dimmer/node. */
const AS_THE_SDK = { baseMs: 1_000, capMs: 30_000, stableAfterMs: 60_000 }
/** A stream that has not begun by then is given up, as there. */
const CONNECT_MS = 10_000
const VERSION = /^id: (\d+)$/gm

/** Epoch ms with fractions, the same clock in every process of this machine. */
const now = () => performance.timeOrigin + performance.now()

/** @type {Map<number, number[]>} */
const arrivals = new Map()
/** @type {number[]} */
const attempts = []
let live = 0

/** @param {Told} message */
const tell = message => process.send?.(message)

/** @param {number} index */
function openStream(index) {
  const backOff = new BackOff({ now, random: Math.random, ...AS_THE_SDK })
  let newest = 0
  const open = () => {
    attempts.push(now())
    let isLive = false
    const socket = connect({ host, port: Number(port) }, () => {
      socket.write(
        `GET /sdk/v1/stream HTTP/1.1\r\nhost: ${host}:${port}\r\nauthorization: Bearer ${key}\r\n` +
          `x-dimmer-instance: reader-${process.pid}-${index}\r\nx-dimmer-sdk: bench/1\r\n` +
          `${newest === 0 ? '' : `last-event-id: ${newest}\r\n`}\r\n`,
      )
    })
    socket.setNoDelay(true)
    const patience = setTimeout(() => isLive || socket.destroy(), CONNECT_MS)
    socket.on('data', chunk => {
      const said = chunk.toString('latin1')
      if (!isLive && said.includes('event: hello')) {
        isLive = true
        backOff.up()
        live++
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

process.on('message', (/** @type {Ask} */ ask) => {
  if (ask.kind === 'arrivals') tell({ kind: 'arrivals', times: arrivals.get(ask.version) ?? [] })
  if (ask.kind === 'attempts') tell({ kind: 'attempts', times: attempts.splice(0) })
  if (ask.kind === 'open') {
    let opened = 0
    const some = setInterval(() => {
      for (let i = 0; i < 50 && opened < ask.count; i++) openStream(opened++)
      if (opened === ask.count) clearInterval(some)
    }, 20)
  }
})
setInterval(() => tell({ kind: 'live', live }), 20)
