// @ts-check
/** A run as arrays over ticks, minutes and stages: what a look finds, added up beforehand. */
import { historyWeight } from '@dimmer/stats'
import { drawAccounts, firstRequest, live, liveBefore } from './accounts.mjs'
import { lastTick, shares, ticksPerMinute, ticksPerStage } from './worlds.mjs'

/**
 * @import { Account, Happened } from './accounts.mjs'
 * @import { Random } from './chance.mjs'
 * @import { World } from './worlds.mjs'
 *
 * @typedef {object} Arms two numbers per tick or minute
 * @property {Float64Array} treated
 * @property {Float64Array} control
 *
 * @typedef {object} Timeline
 * @property {readonly Account[]} accounts
 * @property {ReadonlyArray<{ entered: Arms, failed: Arms, ran: Arms }>} stages what is new at each tick of each stage
 * @property {Arms} failures failed requests by tick, of all exposed and all other accounts
 * @property {Arms} requests
 * @property {{ failed: Arms, active: Arms }} minutes unit-minutes by the tick in which they begin, the active ones weighed by history
 * @property {ReadonlyArray<Uint8Array>} failedIn per account: did it fail in the minute
 * @property {ReadonlyArray<Uint8Array>} activeIn
 * @property {Float64Array} weights
 * @property {ReadonlyArray<readonly number[]>} ticksOfFailures per account
 */

const minutes = lastTick / ticksPerMinute

/** @param {number} length @returns {Arms} */
const arms = length => ({ treated: new Float64Array(length), control: new Float64Array(length) })

/** @param {Float64Array | undefined} array @param {number} index @param {number} [amount] */
function add(array, index, amount = 1) {
  if (array && index < array.length) array[index] = (array[index] ?? 0) + amount
}

/** @param {readonly number[]} ticks @param {number} from */
const firstFrom = (ticks, from) => ticks.find(tick => tick >= from) ?? Infinity

/**
 * An account's part in one stage: at risk in the exposed group if the stage is its first, in the other if it is not exposed yet.
 * @param {Timeline['stages'][number]} stage
 * @param {number} from
 * @param {{ account: Account, happened: Happened, random: Random }} of
 */
function countStage(stage, from, { account, happened, random }) {
  if (account.exposedFrom < from) return
  const arm = account.exposedFrom === from ? 'treated' : 'control'
  const until = from + ticksPerStage
  const failed = firstFrom(happened.failures, from)
  const entered = Math.min(firstRequest(account, from, random), failed)
  if (entered >= until) return
  add(stage.entered[arm], entered)
  if (failed < until) add(stage.failed[arm], failed)
  const ran = firstFrom(happened.runs, from)
  if (ran < until) add(stage.ran[arm], ran)
}

/**
 * @param {Account} account
 * @param {Uint8Array} failed
 * @param {Random} random
 */
function activeMinutes(account, failed, random) {
  const chance = 1 - Math.exp(-account.volume * ticksPerMinute)
  return Uint8Array.from(failed, hit => (hit === 1 || random() < chance ? 1 : 0))
}

/**
 * The first tick of a minute in which an account is known to be active.
 * @param {Account} account
 * @param {number} from
 * @param {Random} random
 */
function firstActive(account, from, random) {
  const chance = 1 - Math.exp(-account.volume * ticksPerMinute)
  const wait = -Math.log(1 - random() * chance) / account.volume
  return from + Math.min(ticksPerMinute - 1, Math.floor(wait))
}

/** @param {readonly { failed: number, active: number }[]} before */
function pooledRate(before) {
  const failed = before.reduce((sum, one) => sum + one.failed, 0)
  const active = before.reduce((sum, one) => sum + one.active, 0)
  return active === 0 ? 0 : failed / active
}

/**
 * Adds an account's failed and active minutes; gives them back.
 * @param {Timeline['minutes']} sums
 * @param {{ account: Account, happened: Happened, weight: number, random: Random }} of
 */
function countMinutes(sums, { account, happened, weight, random }) {
  const failed = new Uint8Array(minutes)
  for (const tick of happened.failures) failed[Math.floor(tick / ticksPerMinute)] = 1
  const active = activeMinutes(account, failed, random)
  for (let minute = 0; minute < minutes; minute++) {
    if (active[minute] !== 1) continue
    const from = minute * ticksPerMinute
    const arm = from >= account.exposedFrom ? 'treated' : 'control'
    const hit = failed[minute] === 1 ? firstFrom(happened.failures, from) : Infinity
    if (hit < Infinity) add(sums.failed[arm], hit)
    add(sums.active[arm], Math.min(hit, firstActive(account, from, random)), weight)
  }
  return { failed, active }
}

/**
 * Adds an account's failed requests and all its requests.
 * @param {Pick<Timeline, 'failures' | 'requests'>} sums
 * @param {Account} account
 * @param {Happened} happened
 */
function countRequests({ failures, requests }, { exposedFrom, volume }, happened) {
  const armAt = (/** @type {number} */ tick) => (tick >= exposedFrom ? 'treated' : 'control')
  for (const tick of happened.failures) add(failures[armAt(tick)], tick)
  for (let tick = 0; tick < lastTick; tick++) add(requests[armAt(tick)], tick, volume)
}

/**
 * @param {World} world
 * @param {Random} random
 * @returns {Timeline}
 */
export function drawTimeline(world, random) {
  const accounts = drawAccounts(world, random)
  const before = accounts.map(account => liveBefore(world, account, random))
  const rate = pooledRate(before)
  const weights = Float64Array.from(before, one => historyWeight(one, rate))
  const stages = shares.map(() => ({ entered: arms(lastTick), failed: arms(lastTick), ran: arms(lastTick) }))
  const sums = { failures: arms(lastTick), requests: arms(lastTick) }
  const perMinute = { failed: arms(lastTick), active: arms(lastTick) }
  const lives = accounts.map((account, index) => {
    const happened = live(world, account, random)
    for (const [s, stage] of stages.entries()) countStage(stage, s * ticksPerStage, { account, happened, random })
    countRequests(sums, account, happened)
    return { happened, ...countMinutes(perMinute, { account, happened, weight: weights[index] ?? 1, random }) }
  })
  return {
    accounts,
    stages,
    ...sums,
    minutes: perMinute,
    failedIn: lives.map(({ failed }) => failed),
    activeIn: lives.map(({ active }) => active),
    weights,
    ticksOfFailures: lives.map(({ happened }) => happened.failures),
  }
}
