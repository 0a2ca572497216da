// @ts-check
/**
 * One contender in a process of its own, so that nobody's compiled code or garbage touches another's. The parent
 * sends orders one at a time, so that the contenders take turns on the same machine.
 */
import { groups } from './cases.mjs'
import { subjects } from './subjects.mjs'

/** @import { CaseName } from './cases.mjs' */
/** @import { Ask, Contender, ContenderModule } from './contender.ts' */
/** @typedef {(ask: Ask, contexts: readonly unknown[], times: number) => number | Promise<number>} Loop */

/**
 * A new function each time: with one loop for all cases, V8 would stop inlining the call in it after four of them,
 * which no application with its own call sites would suffer.
 * @param {boolean} isAsync
 * @returns {Loop}
 */
const makeLoop = isAsync =>
  /** @type {() => Loop} */ (
    new Function(
      `return ${isAsync ? 'async' : ''} (ask, contexts, times) => {
         const last = contexts.length - 1
         let yes = 0
         for (let i = 0; i < times; i++) if (${isAsync ? 'await' : ''} ask(contexts[i & last])) yes++
         return yes
       }`,
    )
  )()

const [, , file, group] = process.argv
const names = groups[Number(group)] ?? []
/** @type {ContenderModule} */
const { load } = await import(`./contenders/${file}.mjs`)
/** @type {Contender} */
const contender = await load(names)
const contexts = subjects().map(contender.contextOf)
const loops = new Map(names.map(name => [name, makeLoop(contender.isAsync === true)]))

/**
 * @param {CaseName} name
 * @param {number} times
 */
async function ask(name, times) {
  const [loop, one] = [loops.get(name), contender.ask[name]]
  if (loop === undefined || one === undefined) throw new Error(`${contender.name} cannot say ${name}`)
  return loop(one, contexts, times)
}

/**
 * @param {CaseName} name
 * @param {number} times
 * @returns {Promise<number>} CPU time per evaluation in ns, garbage collection and compilation included
 */
async function time(name, times) {
  const before = process.cpuUsage()
  await ask(name, times)
  const { user, system } = process.cpuUsage(before)
  return ((user + system) * 1000) / times
}

/**
 * Bytes that stay on the heap per evaluation while nothing collects them: the young generation is started large
 * enough to hold them all. The least of several tries, because the heap is counted in pages now and then.
 * @param {CaseName} name
 * @param {number} times
 */
async function allocated(name, times) {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < 5; round++) {
    globalThis.gc?.()
    const before = process.memoryUsage().heapUsed
    await ask(name, times)
    least = Math.min(least, (process.memoryUsage().heapUsed - before) / times)
  }
  return Math.max(0, least)
}

/**
 * @param {CaseName} name
 * @param {number} times how many of the subjects
 */
async function answers(name, times) {
  /** @type {boolean[]} */
  const given = []
  for (const context of contexts.slice(0, times))
    given.push((await contender.ask[name]?.(/** @type {never} */ (context))) === true)
  return given
}

/** @type {Record<string, (name: CaseName, times: number) => unknown>} */
const orders = { answers, time, allocated }

process.on('message', async order => {
  const { what, name, times } = /** @type {{ what: string, name: CaseName, times: number }} */ (order)
  process.send?.(await orders[what]?.(name, times))
})
process.send?.({ name: contender.name, can: names.filter(name => contender.ask[name] !== undefined) })
