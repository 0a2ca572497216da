// @ts-check
/**
 * One contender in a process of its own, so that nobody's compiled code or garbage touches another's. The parent
 * sends orders one at a time, so that the contenders take turns on the same machine.
 */
import { flagNames, subjects } from './flags.mjs'

/** @import { Contender } from './contender.ts' */
/** @import { FlagName } from './flags.mjs' */
/** @typedef {(ask: (context: never) => boolean, contexts: readonly unknown[], times: number) => number} Loop */

/**
 * A new function each time: with one loop for all flags, V8 would stop inlining the call in it after four flags,
 * which no application with its own call sites would suffer.
 * @returns {Loop}
 */
const makeLoop = () =>
  /** @type {Loop} */ (
    new Function(
      'ask',
      'contexts',
      'times',
      `const last = contexts.length - 1
       let yes = 0
       for (let i = 0; i < times; i++) if (ask(contexts[i & last])) yes++
       return yes`,
    )
  )

const { load } = await import(`./contenders/${process.argv[2]}.mjs`)
/** @type {Contender} */
const contender = await load()
const contexts = subjects().map(contender.contextOf)
const loops = Object.fromEntries(flagNames.map(flag => [flag, makeLoop()]))

/**
 * @param {FlagName} flag
 * @param {number} times
 */
const ask = (flag, times) => loops[flag]?.(contender.ask[flag], contexts, times)

/**
 * @param {FlagName} flag
 * @param {number} times
 * @returns {number} CPU time per evaluation in ns, garbage collection and compilation included
 */
function time(flag, times) {
  const before = process.cpuUsage()
  ask(flag, times)
  const { user, system } = process.cpuUsage(before)
  return ((user + system) * 1000) / times
}

/**
 * Bytes that stay on the heap per evaluation while nothing collects them: the young generation is started large
 * enough to hold them all. The least of several tries, because the heap is counted in pages now and then.
 * @param {FlagName} flag
 */
function allocated(flag) {
  const times = 16_384
  const tries = Array.from({ length: 5 }, () => {
    globalThis.gc?.()
    const before = process.memoryUsage().heapUsed
    ask(flag, times)
    return (process.memoryUsage().heapUsed - before) / times
  })
  return Math.max(0, Math.min(...tries))
}

/** @type {Record<string, (flag: FlagName, times: number) => unknown>} */
const orders = {
  answers: flag => contexts.map(context => contender.ask[flag](/** @type {never} */ (context))),
  time,
  allocated,
}

process.on('message', order => {
  const { what, flag, times } = /** @type {{ what: string, flag: FlagName, times: number }} */ (order)
  process.send?.(orders[what]?.(flag, times))
})
process.send?.(contender.name)
