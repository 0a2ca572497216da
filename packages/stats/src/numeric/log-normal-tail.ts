const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI)
const SERIES_BELOW = 3
const FRACTION_STEPS = 400
const SERIES_TERMS = 100

/** `(Phi(x) - 1/2) / phi(x)` for |x| up to about 3 (Abramowitz & Stegun 26.2.11). */
function centralSeries(x: number): number {
  let term = x
  let sum = x
  for (let n = 1; n < SERIES_TERMS; n++) {
    term *= (x * x) / (2 * n + 1)
    sum += term
  }
  return sum
}

/** Mills' ratio `(1 - Phi(x)) / phi(x)` for x from about 3 up, by Laplace's continued fraction from the far end. */
function millsRatio(x: number): number {
  let fraction = x
  for (let n = FRACTION_STEPS; n > 0; n--) fraction = x + n / fraction
  return 1 / fraction
}

const density = (x: number): number => Math.exp(-0.5 * x * x - HALF_LOG_TWO_PI)

/**
 * `log(Phi(x)) + x^2 / 2`, Phi the standard normal distribution function, to about 1e-13 at any x: the sum stays small
 * where its parts cancel, far down in the lower tail.
 *
 * Source: Abramowitz & Stegun 26.2.11 near the centre, 26.2.14 in the tails.
 */
export function logScaledNormalCdf(x: number): number {
  if (x <= -SERIES_BELOW) return Math.log(millsRatio(-x)) - HALF_LOG_TWO_PI
  const half = 0.5 * x * x
  if (x < SERIES_BELOW) return half + Math.log(0.5 + centralSeries(x) * density(x))
  return half + Math.log1p(-millsRatio(x) * density(x))
}
