import { logGamma } from './log-gamma.ts'

const TINY = 1e-300
const PRECISION = 1e-16
const MAX_STEPS = 100_000

const awayFromZero = (value: number): number => (Math.abs(value) < TINY ? TINY : value)

/** `log B(a, b)`, the complete beta function; a, b > 0. */
export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b)
}

/**
 * The continued fraction of the incomplete beta function (Abramowitz & Stegun 26.5.8) by Lentz's method; converges fast
 * for x below the mean.
 */
function continuedFraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1))
  let fraction = d
  for (let m = 1; m <= MAX_STEPS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / awayFromZero(1 + even * d)
    c = awayFromZero(1 + even / c)
    fraction *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / awayFromZero(1 + odd * d)
    c = awayFromZero(1 + odd / c)
    const change = d * c
    fraction *= change
    if (Math.abs(change - 1) <= PRECISION) break
  }
  return fraction
}

/** Log of the lower part where the fraction converges fast; `rest` is 1 - x, given so that it keeps its digits. */
function logLower(x: number, rest: number, [a, b]: readonly [number, number]): number {
  return a * Math.log(x) + b * Math.log(rest) - Math.log(a) + Math.log(continuedFraction(x, a, b))
}

/**
 * Log of the incomplete beta function `integral from 0 to x of t^(a-1) (1-t)^(b-1) dt`, not regularised; 0 <= x <= 1,
 * a, b > 0. Keeps its relative accuracy where the integral itself would underflow. Error about 1e-16 times the largest
 * logGamma involved.
 */
export function logIncompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return -Infinity
  if (x >= 1) return logBeta(a, b)
  if (x < (a + 1) / (a + b + 2)) return logLower(x, 1 - x, [a, b])
  const whole = logBeta(a, b)
  return whole + Math.log1p(-Math.exp(logLower(1 - x, x, [b, a]) - whole))
}
