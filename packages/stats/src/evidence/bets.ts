import { logSumExp } from '../numeric/log-sum-exp.ts'

const COUNT = 12

/** Fractions of the largest safe bet: 0.02 to 0.98 geometrically, equal weights. */
const betFractions: readonly number[] = Array.from({ length: COUNT }, (_, j) => 0.02 * 49 ** (j / (COUNT - 1)))

/**
 * Log of the average over the bets of `prod_i (1 + fraction * gain_i)`; each gain is at least -1 (a gain of -1 is the
 * worst that can happen, and costs a bet no more than its fraction).
 *
 * Source: hedged betting on a fixed grid (Waudby-Smith & Ramdas 2024, JRSS-B 86:1). Null: each gain has mean at most 0,
 * given the past. Exact.
 */
export function betLogE(gains: readonly number[]): number {
  const logWealths = betFractions.map(fraction => {
    let logWealth = 0
    for (const gain of gains) logWealth += Math.log1p(fraction * gain)
    return logWealth
  })
  return logSumExp(logWealths) - Math.log(COUNT)
}
