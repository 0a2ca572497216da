// @ts-check
import { rounded } from '../lib/numbers.mjs'
import { caseNames, cases } from './cases.mjs'
import { subjects } from './subjects.mjs'

/** @import { Case, CaseName } from './cases.mjs' */
/** @import { Process } from './launch.mjs' */

const rounds = 8
const roundNs = 25e6
const warmUpNs = 25e6
/** What checking the answers, or counting the bytes, of one case may take. */
const patienceNs = 5e8
const mostAllocations = 16_384

/**
 * How long one evaluation takes, roughly, once it is warm: some do it in ns, some in tens of ms.
 * @param {Process} process
 * @param {CaseName} name
 */
async function warmUp({ order }, name) {
  for (let times = 1; ; times *= 4) {
    const ns = Number(await order('time', name, times))
    if (ns * times > warmUpNs) return Math.max(ns, 1)
  }
}

/**
 * Everybody must really do the work: the answers are those of the limit for every subject, but for those who deal by a
 * hash of their own, whose shares must be about right.
 * @param {readonly Process[]} processes
 * @param {{ limit: string }} which
 */
export async function checkAnswers(processes, { limit }) {
  const isDealt = (/** @type {Case} */ { share, split }) => share !== undefined || split !== undefined
  const all = subjects().length
  for (const process of processes) {
    for (const name of process.can) {
      const truth = processes.find(({ id, can }) => id === limit && can.includes(name))
      const few = Math.max(16, Math.min(all, Math.floor(patienceNs / (await warmUp(process, name)))))
      const given = /** @type {boolean[]} */ (await process.order('answers', name, few))
      const wanted = /** @type {boolean[]} */ (await truth?.order('answers', name, few))
      const share = given.filter(Boolean).length / given.length
      const [low, high] = cases[name].yes
      if (few === all && (share < low || share > high))
        throw new Error(`${process.contender} says yes to ${share} of the subjects: ${name}`)
      const ownHash = isDealt(cases[name]) && !process.id.startsWith('dimmer')
      if (!ownHash && given.join() !== wanted.join())
        throw new Error(`${process.contender} differs from the limit: ${name}`)
    }
  }
}

/**
 * Best CPU time per evaluation of each contender and case, over rounds in which all take turns.
 * @param {readonly Process[]} processes
 */
async function bestTimes(processes) {
  const runs = []
  for (const process of processes) {
    for (const name of process.can) {
      const times = Math.ceil(roundNs / (await warmUp(process, name)))
      runs.push({ process, name, times, best: Number.POSITIVE_INFINITY })
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const one of runs) {
      one.best = Math.min(one.best, Number(await one.process.order('time', one.name, one.times)))
    }
  }
  return runs
}

/**
 * @typedef {object} Figures
 * @property {CaseName} name
 * @property {string} id of the contender
 * @property {string} contender as shown
 * @property {number} ns
 * @property {number} bytes
 */

/**
 * @param {readonly Process[]} processes
 * @returns {Promise<Figures[]>} in the order of the cases
 */
export async function measure(processes) {
  /** @type {Figures[]} */
  const figures = []
  for (const { process, name, best } of await bestTimes(processes)) {
    const times = Math.max(4, Math.min(mostAllocations, Math.floor(patienceNs / 5 / best)))
    const bytes = Math.round(Number(await process.order('allocated', name, times)))
    figures.push({ name, id: process.id, contender: process.contender, ns: rounded(best), bytes })
  }
  return figures.sort((a, b) => caseNames.indexOf(a.name) - caseNames.indexOf(b.name))
}
