import { requirePartOf } from '../numeric/checks.ts'

/** One cohort: successes and units of the exposed and of the comparison group. */
export type CohortBlock = { readonly yT: number; readonly nT: number; readonly yC: number; readonly nC: number }

const PRIOR = 0.18

/** `y log(p) + (n - y) log(1 - p)`, with p never 0 or 1. */
const logLikelihood = (y: number, n: number, p: number): number => y * Math.log(p) + (n - y) * Math.log1p(-p)

/**
 * Log E of "both groups have one success probability" from cohorts in order (sign-ups of a day, each fully matured).
 * Two-sided: grows with a difference of either sign, as far as earlier cohorts showed it.
 *
 * Source: Turner, Ly, Gruenwald 2024, JSPI 230, with Beta(0.18, 0.18) priors. Null: equal probabilities within each
 * cohort. Exact for independent units. Throws a RangeError on impossible counts.
 */
export function cohortBlocksLogE(blocks: readonly CohortBlock[]): number {
  let logE = 0
  let past: CohortBlock = { yT: 0, nT: 0, yC: 0, nC: 0 }
  for (const block of blocks) {
    const { yT, nT, yC, nC } = block
    requirePartOf('successes yT of nT', yT, nT)
    requirePartOf('successes yC of nC', yC, nC)
    if (nT + nC === 0) continue
    const rateT = (PRIOR + past.yT) / (2 * PRIOR + past.nT)
    const rateC = (PRIOR + past.yC) / (2 * PRIOR + past.nC)
    const common = (nT * rateT + nC * rateC) / (nT + nC)
    logE += logLikelihood(yT, nT, rateT) + logLikelihood(yC, nC, rateC) - logLikelihood(yT + yC, nT + nC, common)
    past = { yT: past.yT + yT, nT: past.nT + nT, yC: past.yC + yC, nC: past.nC + nC }
  }
  return logE
}
