// @ts-check
/** Money without harm, looked at all the time, through the judge of real rollouts: how often is it called a loss? */
import { judge, withDefaults } from '@dimmer/rollout'
import { stratifiedMean } from '@dimmer/stats'
import { normal, seeded } from './chance.mjs'

/**
 * @import { OutcomeFact } from '@dimmer/rollout'
 *
 * @typedef {object} MoneyRun
 * @property {boolean} breached
 * @property {boolean} asymptotic the interval excludes "no loss" at some look: what would happen if one acted on it
 */

const accounts = 3_000
const share = 0.05
/** A look after so many accounts. */
const every = 15
const startedAt = Date.UTC(2026, 2, 2, 10)

const metric = /** @type {const} */ ({
  kind: 'revenue',
  key: 'revenue',
  version: 1,
  name: 'Revenue',
  worse: 'lower',
  event: 'paid',
  field: 'value',
  within: 'PT1H',
})
const guardrail = /** @type {const} */ ({ id: 'money', kind: 'metric', metric, limit: { ratio: 0.95 } })
const plan = withDefaults({
  flag: 'simulated',
  environment: 'production',
  variant: 'on',
  unit: 'account',
  stages: [{ percent: 100 * share, hold: 'PT24H' }],
  guardrails: [guardrail],
})

/** Four of five bring nothing; the others vary more than a thousandfold. @param {() => number} random */
const amount = random => (random() < 0.8 ? 0 : Math.exp(4 + 1.8 * normal(random)))

/** @param {readonly number[]} values */
function spread(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  const sorted = values.toSorted((a, b) => a - b)
  return { mean, sd: Math.sqrt(variance), p99: sorted[Math.ceil(0.99 * values.length) - 1] ?? mean }
}

/**
 * Whether an asymptotic confidence sequence of the difference lies wholly on the bad side: GrowthBook's formula.
 * @param {readonly OutcomeFact[]} units
 * @param {number} smallestEffect
 */
function excludesNoLoss(units, smallestEffect) {
  const of = (/** @type {string} */ arm) => units.filter(unit => unit.arm === arm).map(({ value }) => value)
  const [t, c] = [of('treated'), of('control')]
  if (t.length < 2 || c.length < 2) return false
  const [a, b] = [spread(t), spread(c)]
  const se = Math.sqrt(a.sd ** 2 / t.length + b.sd ** 2 / c.length)
  if (!(se > 0)) return false
  const found = stratifiedMean([{ estimate: a.mean - b.mean, se }], { alpha: plan.alpha, smallestEffect })
  return found !== null && found.upper < 0
}

/**
 * @param {number} seed
 * @returns {MoneyRun}
 */
export function moneyRun(seed) {
  const random = seeded(seed * 104_729 + 7)
  const history = spread(Array.from({ length: accounts }, () => amount(random)))
  const units = Array.from({ length: accounts }, (_, index) => {
    const arm = random() < share ? /** @type {const} */ ('treated') : /** @type {const} */ ('control')
    const enteredAt = startedAt + index * 1_000
    return { unitId: `acc-${index}`, arm, enteredAt, maturesAt: enteredAt + 3_600_000, value: amount(random) }
  })
  let asymptotic = false
  for (let seen = every; seen <= accounts; seen += every) {
    const known = units.slice(0, seen)
    const seenOf = (/** @type {string} */ arm) => known.filter(unit => unit.arm === arm).length
    const stage = {
      stage: 0,
      share,
      startedAt,
      units: known,
      seen: { treated: seenOf('treated'), control: seenOf('control') },
      crossed: 0,
    }
    const now = known.at(-1)?.maturesAt ?? startedAt
    const facts = /** @type {const} */ ({
      shape: 'outcomes',
      guardrailId: 'money',
      lastEventAt: now,
      stages: [stage],
      history,
    })
    asymptotic ||= excludesNoLoss(known, history.sd / 5)
    if (judge(plan, facts, now).kind === 'breached') return { breached: true, asymptotic }
  }
  return { breached: false, asymptotic }
}
