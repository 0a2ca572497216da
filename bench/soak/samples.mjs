// @ts-check
/** What is read of a running server, every ten seconds. */
import { readdirSync } from 'node:fs'
import { residentMb } from '../lib/memory.mjs'

/** @import { RunningServer } from '../lib/server.mjs' */

/**
 * @typedef {object} Sample
 * @property {number} atMs since the soak began
 * @property {number} rssMb
 * @property {number} heapMb
 * @property {number} outsideMb buffers and the like
 * @property {number} descriptors
 * @property {number} handles that the loop waits for
 * @property {number} lagMs p99 of the event loop since the last sample
 * @property {number} streams
 */

/**
 * @param {string} text of /metrics
 * @param {string} name
 */
function figure(text, name) {
  const line = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)
  if (line === null) throw new Error(`/metrics has no ${name}`)
  return Number(line[1])
}

/**
 * @param {RunningServer} server
 * @param {number} atMs
 * @returns {Promise<Sample>}
 */
export async function sampleServer(server, atMs) {
  const response = await fetch(`${server.url}/metrics`)
  const text = await response.text()
  if (!response.ok) throw new Error(`/metrics answered ${response.status}`)
  const mb = 2 ** 20
  return {
    atMs,
    rssMb: residentMb(server.pid),
    heapMb: figure(text, 'nodejs_heap_size_used_bytes') / mb,
    outsideMb: figure(text, 'nodejs_external_memory_bytes') / mb,
    descriptors: readdirSync(`/proc/${server.pid}/fd`).length,
    handles: figure(text, 'nodejs_active_resources_total'),
    lagMs: figure(text, 'nodejs_eventloop_lag_p99_seconds') * 1_000,
    streams: figure(text, 'dimmer_streams'),
  }
}
