import { logSumExp } from '../numeric/log-sum-exp.ts'

/**
 * Log E of the product: for e-values of stages or looks that are each valid given everything before. An empty list
 * gives 0. (Slices of one tilt state need no combining: adding them is already the product, per tilt, over slices.)
 *
 * Source: Vovk & Wang 2021, AoS 49:1736. Exact when each factor is an e-value given the past of the others.
 */
export function productLogE(logEs: readonly number[]): number {
  return logEs.reduce((sum, logE) => sum + logE, 0)
}

/**
 * Log E of the plain average: for e-values that may depend on each other in any way. An empty list gives 0.
 *
 * Source: Vovk & Wang 2021, AoS 49:1736. Exact for e-values at one fixed time; over time only if all are e-processes in
 * one common filtration (Choe & Ramdas 2024, arXiv 2402.09698), which label-revealing ones are not.
 */
export function averageLogE(logEs: readonly number[]): number {
  return logEs.length === 0 ? 0 : logSumExp(logEs) - Math.log(logEs.length)
}
