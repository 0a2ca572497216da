const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI)
const ENOUGH = 15

/** Bernoulli numbers over 2k(2k-1): the coefficients of 1/x, 1/x^3, 1/x^5, ... in Stirling's series. */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156]

/**
 * Natural log of the gamma function for x > 0, to about 1e-15 relative (absolute near its zeros at 1 and 2). NaN for x
 * <= 0.
 *
 * Source: Stirling's series (Abramowitz & Stegun 6.1.41) from 15 up, the recurrence below.
 */
export function logGamma(x: number): number {
  if (!(x > 0)) return Number.NaN
  let shifted = x
  let product = 1
  for (; shifted < ENOUGH; shifted++) product *= shifted
  const square = 1 / (shifted * shifted)
  const series = STIRLING.reduceRight((sum, coefficient) => sum * square + coefficient, 0) / shifted
  return (shifted - 0.5) * Math.log(shifted) - shifted + HALF_LOG_TWO_PI + series - Math.log(product)
}
