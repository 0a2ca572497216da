// @ts-check
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Child } from '../lib/child.mjs'

/** @import { RunningServer } from '../lib/server.mjs' */
/** @import { Ask, Requests, Told } from './readers.mjs' */

const readersFile = fileURLToPath(new URL('./readers.mjs', import.meta.url))
const processes = 2
const patienceMs = 120_000

/** Epoch ms with fractions, as in the readers. */
export const now = () => performance.timeOrigin + performance.now()

/** Processes full of streams, dealt over the nodes. */
export class ReaderPool {
  /** @type {Child<Ask, Told>[]} */
  #children
  /** @type {number[]} */
  #live

  /**
   * @param {readonly RunningServer[]} nodes
   * @param {string} key
   */
  constructor(nodes, key) {
    const ports = nodes.map(({ port }) => String(port))
    this.#children = Array.from({ length: processes }, () => new Child(readersFile, [key, ...ports]))
    this.#live = this.#children.map(() => 0)
    for (const [index, child] of this.#children.entries()) {
      child.listen(told => {
        if (told.kind === 'live') this.#live[index] = told.live
      })
    }
  }

  get live() {
    return this.#live.reduce((sum, live) => sum + live, 0)
  }

  /**
   * @param {number} count in all
   * @param {{ receipts?: boolean }} [options] whether each also confirms its version when its stream begins
   */
  open(count, { receipts = false } = {}) {
    for (const [index, child] of this.#children.entries()) {
      child.send({ kind: 'open', count: Math.floor((count + index) / processes), receipts })
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
      const told = await Promise.all(this.#children.map(child => child.ask({ kind: 'arrivals', version }, 'arrivals')))
      const times = told.flatMap(one => one.times)
      if (times.length === count) return times
      if (performance.now() - started > patienceMs)
        throw new Error(`${times.length} of ${count} got version ${version}`)
      await delay(20)
    }
  }

  /**
   * What was sent since the last call.
   * @returns {Promise<Requests>}
   */
  async requests() {
    const all = await Promise.all(this.#children.map(child => child.ask({ kind: 'requests' }, 'requests')))
    return {
      attempts: all.flatMap(one => one.attempts),
      taken: all.flatMap(one => one.taken),
      receipts: all.flatMap(one => one.receipts),
    }
  }

  /** Ends the processes, and with them the streams. */
  async close() {
    for (const child of this.#children) child.kill()
    await delay(1_000)
  }
}
