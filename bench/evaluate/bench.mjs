// @ts-check
import { fork } from 'node:child_process'
import { on, once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { rounded } from '../lib/numbers.mjs'
import { table } from '../lib/table.mjs'
import { expectedShares, flagNames } from './flags.mjs'

/** @import { Result, Row } from '../lib/types.ts' */
/** @import { FlagName } from './flags.mjs' */
/** @typedef {{ name: string, order: (what: string, flag: FlagName, times?: number) => Promise<unknown>, stop: () => void }} Process */

export const about = 'ns and bytes per evaluation of the five sample flags: limit, Dimmer, and peers'

const limit = 'floor'
const engine = 'dimmer-engine'
const ours = [engine, 'dimmer-node']
const peers = ['flagd-core', 'growthbook', 'unleash']
const rounds = 15
const roundNs = 40e6
const warmUpTimes = 30_000

/**
 * @param {string} contender
 * @returns {Promise<Process>}
 */
async function launch(contender) {
  const child = fork(fileURLToPath(new URL('contender-process.mjs', import.meta.url)), [contender], {
    execArgv: ['--expose-gc', '--min-semi-space-size=64', '--max-semi-space-size=64'],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const replies = on(child, 'message')
  const gone = once(child, 'exit').then(([code]) => Promise.reject(new Error(`${contender} ended with code ${code}`)))
  const reply = async () => (await Promise.race([replies.next(), gone])).value[0]
  const name = String(await reply())
  const order = (/** @type {string} */ what, /** @type {FlagName} */ flag, /** @type {number} */ times = 0) => {
    child.send({ what, flag, times })
    return reply()
  }
  return { name, order, stop: () => child.kill() }
}

/**
 * Everybody must really do the work: our own answers are those of the limit, and peers' shares are about right.
 * @param {ReadonlyMap<string, Process>} processes
 */
async function checkAnswers(processes) {
  for (const flag of flagNames) {
    const truth = JSON.stringify(await processes.get(limit)?.order('answers', flag))
    for (const [id, { name, order }] of processes) {
      const answers = /** @type {boolean[]} */ (await order('answers', flag))
      const share = answers.filter(Boolean).length / answers.length
      const [low = 0, high = 1] = expectedShares[flag]
      if (share < low || share > high) throw new Error(`${name} says yes to ${share} of the subjects of ${flag}`)
      if (ours.includes(id) && JSON.stringify(answers) !== truth)
        throw new Error(`${name} differs from the limit: ${flag}`)
    }
  }
}

/**
 * Best CPU time per evaluation of each contender and flag, over rounds in which all take turns.
 * @param {ReadonlyMap<string, Process>} processes
 */
async function bestTimes(processes) {
  /** @type {Map<string, { order: Process['order'], flag: FlagName, times: number, best: number }>} */
  const cases = new Map()
  for (const [id, { order }] of processes) {
    for (const flag of flagNames) {
      await order('time', flag, warmUpTimes)
      const guess = Number(await order('time', flag, warmUpTimes))
      cases.set(`${id} ${flag}`, { order, flag, times: Math.ceil(roundNs / Math.max(guess, 1)), best: Infinity })
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const one of cases.values()) {
      one.best = Math.min(one.best, Number(await one.order('time', one.flag, one.times)))
    }
  }
  return (/** @type {string} */ id, /** @type {FlagName} */ flag) => cases.get(`${id} ${flag}`)?.best ?? Number.NaN
}

/**
 * @typedef {object} Figures
 * @property {FlagName} flag
 * @property {string} id of the contender
 * @property {string} name
 * @property {number} ns
 * @property {number} bytes
 */

/**
 * @param {ReadonlyMap<string, Process>} processes
 * @returns {Promise<Figures[]>}
 */
async function measure(processes) {
  await checkAnswers(processes)
  const best = await bestTimes(processes)
  /** @type {Figures[]} */
  const figures = []
  for (const flag of flagNames) {
    for (const [id, { name, order }] of processes) {
      const bytes = Math.round(Number(await order('allocated', flag)))
      figures.push({ flag, id, name, ns: rounded(best(id, flag)), bytes })
    }
  }
  return figures
}

/**
 * The goal is the engine's: under twice the limit, nothing allocated.
 * @param {Figures} figures
 * @param {readonly Figures[]} all
 * @returns {Row[]}
 */
function rowsOf({ flag, id, name, ns, bytes }, all) {
  const sameFlag = all.filter(other => other.flag === flag)
  const goal = rounded(2 * (sameFlag.find(other => other.id === limit)?.ns ?? Number.NaN))
  const rival = sameFlag.filter(other => peers.includes(other.id)).reduce((a, b) => (a.ns <= b.ns ? a : b))
  const time = { name: `${flag}: ${name}`, value: ns, unit: 'ns' }
  const space = { name: `${flag}: ${name}, allocated`, value: bytes, unit: 'bytes' }
  if (peers.includes(id)) return [{ ...time, peer: name }, space]
  if (id === limit) return [time, space]
  const compared = { ...time, peer: rival.name, ratio: rounded(rival.ns / ns) }
  if (id !== engine) return [compared, space]
  return [
    { ...compared, goal, met: ns < goal },
    { ...space, goal: 0, met: bytes === 0 },
  ]
}

/** @param {readonly Figures[]} figures */
function matrix(figures) {
  const names = [...new Set(figures.map(({ name }) => name))]
  const cell = (/** @type {string} */ name, /** @type {FlagName} */ flag) => {
    const found = figures.find(other => other.name === name && other.flag === flag)
    return found === undefined ? '' : `${found.ns.toLocaleString('en-US')} ns, ${found.bytes.toLocaleString('en-US')} B`
  }
  return table([['', ...flagNames], ...names.map(name => [name, ...flagNames.map(flag => cell(name, flag))])])
}

/** @returns {Promise<Result>} */
export async function run() {
  /** @type {Map<string, Process>} */
  const processes = new Map()
  try {
    for (const id of [limit, ...ours, ...peers]) processes.set(id, await launch(id))
    const figures = await measure(processes)
    return { rows: figures.flatMap(one => rowsOf(one, figures)), text: matrix(figures) }
  } finally {
    for (const { stop } of processes.values()) stop()
  }
}
