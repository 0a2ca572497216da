import { requireOpenProbability, requirePositive } from '../numeric/checks.ts'

/** A rule's evidence and its share of alpha. */
export type WeightedEvidence = { readonly logE: number; readonly weight: number }

const ROUNDING = 1e-9

/** The log E at which a rule with this share of alpha fires: `log(1 / (weight alpha))`. */
export function logEThreshold(alpha: number, weight = 1): number {
  requireOpenProbability('alpha', alpha)
  requirePositive('weight', weight)
  if (weight > 1) throw new RangeError(`weight must be at most 1, got ${weight}`)
  return Math.log(1 / (weight * alpha))
}

/**
 * Which rules fire when alpha is shared over them: indexes with `logE >= log(1 / (weight alpha))`, ascending.
 *
 * Source: weighted Bonferroni with Ville's inequality. Null: of each rule its own. Exact, whatever the dependence
 * between rules: the chance that **any** true null is ever rejected is at most alpha. Throws a RangeError when the
 * weights add up to more than 1.
 */
export function weightedBonferroni(rules: readonly WeightedEvidence[], alpha: number): number[] {
  const total = rules.reduce((sum, { weight }) => sum + weight, 0)
  if (!(total <= 1 + ROUNDING)) throw new RangeError(`weights must add up to at most 1, got ${total}`)
  return rules.flatMap(({ logE, weight }, index) => (logE >= logEThreshold(alpha, weight) ? [index] : []))
}
