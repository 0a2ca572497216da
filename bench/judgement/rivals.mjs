// @ts-check
/** What others do, on the same runs: when each would have rolled back. */
import { clusteredRate, sequentialHalfWidth } from '@dimmer/stats'
import { lastTick, ticksPerMinute } from './worlds.mjs'

/**
 * @import { Timeline } from './timeline.mjs'
 *
 * @typedef {{ failuresT: number, failuresC: number, requestsT: number, requestsC: number }} Counts
 */

/** @type {Counts} */
const nothing = { failuresT: 0, failuresC: 0, requestsT: 0, requestsC: 0 }

/**
 * @param {Counts} counts
 * @param {Timeline} timeline
 * @param {number} tick
 * @returns {Counts}
 */
const plusTick = (counts, { failures, requests }, tick) => ({
  failuresT: counts.failuresT + (failures.treated[tick] ?? 0),
  failuresC: counts.failuresC + (failures.control[tick] ?? 0),
  requestsT: counts.requestsT + (requests.treated[tick] ?? 0),
  requestsC: counts.requestsC + (requests.control[tick] ?? 0),
})

/** @param {Counts} counts */
const ratio = ({ failuresT, failuresC, requestsT, requestsC }) =>
  failuresT / Math.max(requestsT, 1e-9) / (failuresC / Math.max(requestsC, 1e-9))

/** Two proportions, one-sided 5 %, requests taken as independent. @param {Counts} counts */
function naiveZ({ failuresT, failuresC, requestsT, requestsC }) {
  if (requestsT < 1 || requestsC < 1) return false
  const pooled = (failuresT + failuresC) / (requestsT + requestsC)
  const se = Math.sqrt(pooled * (1 - pooled) * (1 / requestsT + 1 / requestsC))
  return se > 0 && (failuresT / requestsT - failuresC / requestsC) / se > 1.645
}

/** @param {Counts} counts */
const twiceBaseline = counts => counts.requestsT >= 100 && ratio(counts) > 2

/** The formula of GrowthBook's safe rollouts on accounts: difference of error rates, one-sided 5 %, at each minute. @param {Timeline} timeline */
function growthBook({ accounts, ticksOfFailures }) {
  const seen = accounts.map(() => 0)
  const totals = accounts.map(() => ({ before: 0, since: 0 }))
  return (/** @type {number} */ tick) => {
    /** @type {{ y: number, x: number }[]} */
    const treated = []
    /** @type {{ y: number, x: number }[]} */
    const control = []
    accounts.forEach(({ exposedFrom, volume }, index) => {
      const ticks = ticksOfFailures[index] ?? []
      const total = totals[index] ?? { before: 0, since: 0 }
      for (let next = seen[index] ?? 0; (ticks[next] ?? Infinity) <= tick; next++) {
        if ((ticks[next] ?? 0) >= exposedFrom) total.since++
        else total.before++
        seen[index] = next + 1
      }
      if (tick >= exposedFrom) treated.push({ y: total.since, x: volume * (tick + 1 - exposedFrom) })
      else control.push({ y: total.before, x: volume * (tick + 1) })
    })
    const [t, c] = [clusteredRate(treated), clusteredRate(control)]
    if (!t || !c || t.variance === null || c.variance === null) return false
    const se = Math.sqrt(t.variance + c.variance)
    if (!(se > 0)) return false
    const width = sequentialHalfWidth({ se, n: accounts.length, tightestAt: 5000 }, 0.05, 'one')
    return t.rate - c.rate - width > 0
  }
}

/**
 * The look at which each rival would have rolled back, if any.
 * @param {Timeline} timeline
 * @returns {Record<string, number | undefined>}
 */
export function rivals(timeline) {
  /** @type {Record<string, number | undefined>} */
  const fired = {}
  const note = (/** @type {string} */ name, /** @type {number} */ tick, /** @type {boolean} */ fires) => {
    if (fires) fired[name] ??= tick
  }
  const asGrowthBook = growthBook(timeline)
  let [all, window, failedChecks] = [nothing, nothing, 0]
  for (let tick = 0; tick < lastTick; tick++) {
    all = plusTick(all, timeline, tick)
    window = plusTick(window, timeline, tick)
    note('naive z', tick, naiveZ(all))
    note('2x baseline', tick, twiceBaseline(all))
    if ((tick + 1) % ticksPerMinute !== 0) continue
    if (ratio(window) > 2) failedChecks++
    note('1 bad minute', tick, failedChecks >= 1)
    note('5 bad minutes', tick, failedChecks >= 5)
    note('GrowthBook', tick, asGrowthBook(tick))
    window = nothing
  }
  return fired
}

export const rivalNames = ['GrowthBook', 'naive z', '2x baseline', '1 bad minute', '5 bad minutes']
