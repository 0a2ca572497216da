import { requireOpenProbability } from '../numeric/checks.ts'
import { logSumExp } from '../numeric/log-sum-exp.ts'

/**
 * One unit at maturity: its score (larger is worse; any function of its outcome and of earlier units, but not of its
 * own group), whether it was exposed, and the probability of that in its stratum.
 */
export type ScoredUnit = { readonly score: number; readonly treated: boolean; readonly share: number }

/** Log odds per unit of score to bet on, equal weights. For scores in standard deviations. */
const STRENGTHS = [0.1, 0.2, 0.4, 0.8, 1.6]

/** `log(1 - w + w e^x)` without overflow. */
function logMixed(w: number, x: number): number {
  return x > 0 ? x + Math.log1p((1 - w) * Math.expm1(-x)) : Math.log1p(w * Math.expm1(x))
}

/**
 * Log E of "exposure changes nobody's outcome", by betting on each unit's group once its outcome is known. For heavy
 * tails (revenue per account), where intervals for means are not to be trusted. One-sided: grows when the exposed score
 * worse.
 *
 * Source: label betting (Duan, Ramdas, Wasserman 2022) with exponential tilting. Null: given scores and past labels,
 * each unit was exposed with its probability (sharp null). Exact by the randomisation, any distribution, any size.
 * Throws a RangeError on scores that are not finite and shares outside (0, 1).
 */
export function labelBettingLogE(units: readonly ScoredUnit[]): number {
  const logWealths = STRENGTHS.map(strength =>
    units.reduce((sum, { score, treated, share }) => {
      if (!Number.isFinite(score)) throw new RangeError(`score must be finite, got ${score}`)
      requireOpenProbability('share', share)
      const tilt = strength * score
      return sum + (treated ? tilt : 0) - logMixed(share, tilt)
    }, 0),
  )
  return logSumExp(logWealths) - Math.log(STRENGTHS.length)
}
