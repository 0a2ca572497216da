// @ts-check
import { rounded } from '../lib/numbers.mjs'
import { table } from '../lib/table.mjs'
import { caseNames, cases } from './cases.mjs'
import { launchAll } from './launch.mjs'
import { checkAnswers, measure } from './measure.mjs'

/** @import { Result, Row } from '../lib/types.ts' */
/** @import { CaseName } from './cases.mjs' */
/** @import { Figures } from './measure.mjs' */

export const about = 'ns and bytes per evaluation in 13 cases: limit, Dimmer, and peers'

const limit = 'floor'
const engine = 'dimmer-engine'
const ours = [engine, 'dimmer-node', 'dimmer-openfeature']
const peers = ['flagd-core', 'growthbook', 'configcat', 'unleash', 'statsig', 'launchdarkly']

const goals = { timesLimit: 2, timesPeer: 4 }

/**
 * The goals are the engine's: at most twice the limit, four times ahead of the best peer, nothing allocated.
 * @param {Figures} figures
 * @param {readonly Figures[]} all
 * @returns {Row[]}
 */
function rowsOf({ name, id, contender, ns, bytes }, all) {
  const same = all.filter(other => other.name === name)
  const goal = rounded(goals.timesLimit * (same.find(other => other.id === limit)?.ns ?? Number.NaN))
  const rivals = same.filter(other => peers.includes(other.id))
  const rival = rivals.length === 0 ? undefined : rivals.reduce((a, b) => (a.ns <= b.ns ? a : b))
  const time = { name: `${cases[name].title}: ${contender}`, value: ns, unit: 'ns' }
  const space = { name: `${cases[name].title}: ${contender}, allocated`, value: bytes, unit: 'bytes' }
  if (peers.includes(id)) return [{ ...time, peer: contender }, space]
  if (id === limit) return [time, space]
  const compared = rival === undefined ? time : { ...time, peer: rival.contender, ratio: rounded(rival.ns / ns) }
  if (id !== engine) return [compared, space]
  return [
    { ...compared, goal, met: ns <= goal },
    { ...space, goal: 0, met: bytes === 0 },
  ]
}

/** @param {number} value */
const shown = value => value.toLocaleString('en-US')

/**
 * Cases down, contenders across; in the engine's columns how many times the limit, and how far ahead of the best peer.
 * @param {readonly Figures[]} figures
 */
function matrix(figures) {
  const contenders = [...new Map(figures.map(({ id, contender }) => [id, contender]))]
  const find = (/** @type {CaseName} */ name, /** @type {string} */ id) =>
    figures.find(other => other.name === name && other.id === id)
  const cell = (/** @type {CaseName} */ name, /** @type {string} */ id) => {
    const found = find(name, id)
    return found === undefined ? '-' : `${shown(found.ns)} ns, ${shown(found.bytes)} B`
  }
  const ratios = (/** @type {CaseName} */ name) => {
    const [floor, mine] = [find(name, limit)?.ns ?? Number.NaN, find(name, engine)?.ns ?? Number.NaN]
    const rival = Math.min(...peers.map(id => find(name, id)?.ns ?? Number.POSITIVE_INFINITY))
    return [`${(mine / floor).toFixed(2)}x`, Number.isFinite(rival) ? `${(rival / mine).toFixed(1)}x` : '-']
  }
  return table([
    ['', ...contenders.map(([, contender]) => contender), 'engine : limit', 'best peer : engine'],
    ...caseNames.map(name => [cases[name].title, ...contenders.map(([id]) => cell(name, id)), ...ratios(name)]),
  ])
}

/** @returns {Promise<Result>} */
export async function run() {
  const processes = await launchAll([limit, ...ours, ...peers])
  try {
    await checkAnswers(processes, { limit })
    const figures = await measure(processes)
    return { rows: figures.flatMap(one => rowsOf(one, figures)), text: matrix(figures) }
  } finally {
    for (const { stop } of processes) stop()
  }
}
