import { logSumExp } from '../numeric/log-sum-exp.ts'
import { logStartShare, logUnstarted } from './start-shares.ts'

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

/**
 * Log E of several starts of one process, the first from the beginning and each later one fresh: `0.9 E(1) + sum over later
 * k of 0.1 E(k) / (k (k - 1)) + what is not started yet`. So harm that begins late isn't lost in the calm before it.
 *
 * Source: e-detectors (Shin, Ramdas, Rinaldo 2024), with fixed weights. Exact where each start is an e-process that begins at
 * a time which doesn't depend on what it will see. An empty list gives 0.
 */
export function startsLogE(logEs: readonly number[]): number {
  if (logEs.length === 0) return 0
  return logSumExp([...logEs.map((logE, index) => logStartShare(index + 1) + logE), logUnstarted(logEs.length)])
}
