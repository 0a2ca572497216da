/** What can be expected of a count before anybody knows who is in. */
export interface CountBounds {
  readonly expected: number
  /** With 95 % probability the count is between `low` and `high`, both included. */
  readonly low: number
  readonly high: number
}

const TAIL = 0.025

/** The smallest k for which P(X <= k) is at least `level`. Sums the exact distribution, in logarithms. */
function quantile(n: number, p: number, level: number): number {
  const odds = Math.log(p) - Math.log1p(-p)
  let log = n * Math.log1p(-p)
  let sum = Math.exp(log)
  let k = 0
  while (sum < level && k < n) {
    log += Math.log(n - k) - Math.log(k + 1) + odds
    sum += Math.exp(log)
    k++
  }
  return k
}

/** How many of `n` units a share of `percent` takes: exact binomial, 2.5 % left out on either side. */
export function expectedCount(n: number, percent: number): CountBounds {
  const p = percent / 100
  if (p <= 0 || n === 0) return { expected: 0, low: 0, high: 0 }
  if (p >= 1) return { expected: n, low: n, high: n }
  return { expected: n * p, low: quantile(n, p, TAIL), high: quantile(n, p, 1 - TAIL) }
}
