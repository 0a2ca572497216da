// @ts-check
/** Seeded chance: every draw of a run comes from one generator. */

/** @typedef {() => number} Random in [0, 1) */

/**
 * @param {number} seed
 * @returns {Random} sfc32, as in PractRand
 */
export function seeded(seed) {
  let [a, b, c, counter] = [0x9e3779b9 ^ seed, 0x243f6a88 ^ Math.imul(seed, 0x85ebca6b), 0xb7e15162, 1]
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return (sum >>> 0) / 2 ** 32
  }
  for (let i = 0; i < 12; i++) next()
  return next
}

/** @param {Random} random */
export const normal = random => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/** @param {Random} random */
export const exponential = random => -Math.log(1 - random())

/**
 * @param {Random} random
 * @param {number} mean
 */
export function poisson(random, mean) {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)))
  const limit = Math.exp(-mean)
  let product = random()
  let count = 0
  for (; product > limit; count++) product *= random()
  return count
}

/**
 * Gamma with mean 1 and a shape of at least 0.5 that is a multiple of it: a sum of squared normals.
 * @param {Random} random
 * @param {number} shape
 */
export function gamma(random, shape) {
  let sum = 0
  for (let i = 0; i < Math.round(2 * shape); i++) sum += normal(random) ** 2
  return sum / (2 * shape)
}
