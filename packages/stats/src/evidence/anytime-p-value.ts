/**
 * Any-time p-value of an e-process: `min(1, 1 / largest E so far)`. Pass the largest log E seen so far; with the
 * current one the answer is valid too, only larger.
 *
 * Source: Ville's inequality (Howard et al. 2021, AoS 49:1055). Exact whenever the e-process is: P(ever <= alpha) <=
 * alpha.
 */
export function anytimePValue(largestLogE: number): number {
  return Math.min(1, Math.exp(-largestLogE))
}
