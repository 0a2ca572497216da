// @ts-check
/** One run's accounts, and all that happens to them in an hour if nobody rolls back. */
import { exponential, gamma, normal, poisson } from './chance.mjs'
import { baseRate, lastTick, shares, ticksPerMinute, ticksPerStage } from './worlds.mjs'

/**
 * @import { Random } from './chance.mjs'
 * @import { World } from './worlds.mjs'
 *
 * @typedef {object} Account
 * @property {number} volume mean requests per tick
 * @property {number} rate of failures without harm
 * @property {number} exposedFrom tick; Infinity: never
 * @property {boolean} broken
 *
 * @typedef {object} Happened
 * @property {number[]} failures ticks, in order, one for each failed request
 * @property {number[]} runs ticks at which a third failure in a row came
 */

/**
 * @param {World} world
 * @param {Random} random
 * @returns {Account[]}
 */
export function drawAccounts(world, random) {
  const { sigma, shape, harm, whale } = world
  const accounts = Array.from({ length: world.accounts }, () => {
    const bucket = random()
    const stage = shares.findIndex(share => bucket < share)
    return {
      volume: world.requests * Math.exp(sigma * normal(random) - sigma ** 2 / 2),
      rate: baseRate * (shape === undefined ? 1 : gamma(random, shape)),
      exposedFrom: stage === -1 ? Infinity : stage * ticksPerStage,
      broken: random() < (harm?.broken ?? 0),
    }
  })
  const [first] = accounts
  if (whale !== undefined && first) {
    const others = accounts.reduce((sum, { volume }) => sum + volume, 0) - first.volume
    first.volume = (others * whale) / (1 - whale)
  }
  return accounts
}

/**
 * @param {World} world
 * @param {number} tick
 */
function commonFactor({ common }, tick) {
  return common && tick >= common.from && tick < common.to ? common.factor : 1
}

/**
 * How much more often an account fails at a tick than its own rate says.
 * @param {World} world
 * @param {Account} account
 * @param {number} tick
 */
function factorAt(world, account, tick) {
  const { harm } = world
  const harmed = harm?.factor !== undefined && tick >= account.exposedFrom && tick >= (harm.from ?? 0)
  return commonFactor(world, tick) * (harmed ? (harm.factor ?? 1) : 1)
}

/** @param {World} world */
const cuts = ({ harm, common }) =>
  [0, ...shares.map((_, stage) => stage * ticksPerStage), harm?.from ?? 0, common?.from ?? 0, common?.to ?? 0, lastTick]
    .filter((cut, index, all) => all.indexOf(cut) === index)
    .sort((a, b) => a - b)

/**
 * The failures of one burst, request by request.
 * @param {Account} account
 * @param {{ start: number, ticks: number, failing: number, random: Random }} burst
 * @param {Happened} happened
 */
function burst(account, { start, ticks, failing, random }, happened) {
  let inARow = 0
  for (let tick = start; tick < start + ticks; tick++) {
    for (let left = poisson(random, account.volume); left > 0; left--) {
      inARow = random() < failing ? inARow + 1 : 0
      if (inARow > 0) happened.failures.push(tick)
      if (inARow === 3) happened.runs.push(tick)
    }
  }
}

/**
 * All failures of an account in `[from, to)`, a span without changes.
 * @param {World} world
 * @param {Account} account
 * @param {{ from: number, to: number, random: Random, happened: Happened }} span
 */
function failIn(world, account, { from, to, random, happened }) {
  const rate = Math.min(1, account.rate * factorAt(world, account, from))
  const { bursts } = world
  const inBursts = bursts ? bursts.share : 0
  const ticks = to - from
  const anyTick = () => from + Math.floor(random() * ticks)
  for (let left = poisson(random, account.volume * rate * (1 - inBursts) * ticks); left > 0; left--) {
    const tick = anyTick()
    happened.failures.push(tick)
    if (random() < rate ** 2) {
      happened.failures.push(tick, tick)
      happened.runs.push(tick)
    }
  }
  if (!bursts) return
  const length = bursts.minutes * ticksPerMinute
  const perTick = (rate * inBursts) / (length * bursts.failing)
  for (let left = poisson(random, perTick * ticks); left > 0; left--) {
    burst(account, { start: anyTick(), ticks: length, failing: bursts.failing, random }, happened)
  }
}

/**
 * @param {World} world
 * @param {Account} account
 * @param {Random} random
 * @returns {Happened}
 */
export function live(world, account, random) {
  /** @type {Happened} */
  const happened = { failures: [], runs: [] }
  const all = cuts(world)
  const brokenFrom = account.broken ? Math.max(account.exposedFrom, world.harm?.from ?? 0) : Infinity
  all.slice(0, -1).forEach((from, index) => {
    const to = all[index + 1] ?? lastTick
    if (from < brokenFrom) failIn(world, account, { from, to, random, happened })
    else burst(account, { start: from, ticks: to - from, failing: 1, random }, happened)
  })
  happened.failures = happened.failures.filter(tick => tick < lastTick).sort((a, b) => a - b)
  happened.runs = happened.runs.filter(tick => tick < lastTick).sort((a, b) => a - b)
  return happened
}

/**
 * Failed and active minutes in the hour before.
 * @param {World} world
 * @param {Account} account
 * @param {Random} random
 */
export function liveBefore(world, account, random) {
  const quiet = { ...account, exposedFrom: Infinity, broken: false }
  const { common: _, ...calm } = world
  const failedMinutes = new Set(live(calm, quiet, random).failures.map(tick => Math.floor(tick / ticksPerMinute)))
  let active = 0
  const chance = 1 - Math.exp(-account.volume * ticksPerMinute)
  for (let minute = 0; minute < lastTick / ticksPerMinute; minute++) {
    if (failedMinutes.has(minute) || random() < chance) active++
  }
  return { failed: failedMinutes.size, active }
}

/**
 * The first tick from `from` on at which an account sends something.
 * @param {Account} account
 * @param {number} from
 * @param {Random} random
 */
export const firstRequest = (account, from, random) => from + Math.floor(exponential(random) / account.volume)
