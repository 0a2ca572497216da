import { requireNonNegative, requireOpenProbability, requirePositive } from '../numeric/checks.ts'
import { logGamma } from '../numeric/log-gamma.ts'

/** Units counted in one arm and the arm's planned share. */
export type ArmCount = { readonly units: number; readonly share: number }

const ROUNDING = 1e-9

/**
 * Log E of a sample-ratio mismatch in two or more arms whose planned shares never change (an A/B test); for changing
 * shares use `sampleRatioLogE`. `concentration`: how closely the mixture sits around the planned shares.
 *
 * Source: Lindon & Malek 2022 (NeurIPS), Dirichlet-multinomial mixture in closed form. Null: each unit lands in arm k
 * with probability exactly its share, independently. Exact. Throws a RangeError when the shares don't add up to 1.
 */
export function fixedAllocationLogE(arms: readonly ArmCount[], concentration = 100): number {
  requirePositive('concentration', concentration)
  let units = 0
  let shares = 0
  let logE = 0
  for (const arm of arms) {
    requireNonNegative('units', arm.units)
    requireOpenProbability('share', arm.share)
    const prior = concentration * arm.share
    logE += logGamma(prior + arm.units) - logGamma(prior) - arm.units * Math.log(arm.share)
    units += arm.units
    shares += arm.share
  }
  if (Math.abs(shares - 1) > ROUNDING) throw new RangeError(`shares must add up to 1, got ${shares}`)
  return logE + logGamma(concentration) - logGamma(concentration + units)
}
