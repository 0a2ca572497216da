import { describe, expect, it } from 'vitest'
import { expectClose, vectors } from '../../test/vectors.ts'
import { anytimePValue, betaBinomialBounds, betaBinomialLogE, rateBounds, rateLogE } from '../index.ts'

describe('a rate against an absolute limit', () => {
  it.each(vectors.a_bernoulli_vs_absolute_tilt)(
    'meets reference case %#',
    ({ k, n, p0, direction, phi, logE, anytime_p }) => {
      const actual = rateLogE([{ k, n }], p0, { direction, phi })
      expectClose(actual, logE)
      expectClose(anytimePValue(actual), anytime_p)
    },
  )

  it.each(vectors.a2_bernoulli_betabinomial_mixture)('meets reference case %# of the beta-binomial mixture', vector => {
    const { S: k, n, p0, n_opt: nOpt, alpha_opt: alphaOpt } = vector
    const side = vector.one_sided ? 'up' : 'both'
    expectClose(betaBinomialLogE({ k, n }, p0, { nOpt, alphaOpt, side }), vector.logE)
  })

  it('rejects a floor of 15 % after 0 of 20 units by the mixture, not by the grid', () => {
    const none = { k: 0, n: 20 }
    expect(betaBinomialLogE(none, 0.15, { nOpt: 10, side: 'down' })).toBeGreaterThan(Math.log(20))
    expect(rateLogE([none], 0.15, { direction: 'down' })).toBeLessThan(Math.log(20))
  })

  it('reads down as up with successes and failures exchanged', () => {
    const options = { nOpt: 50, alphaOpt: 0.01 }
    const down = betaBinomialLogE({ k: 3, n: 40 }, 0.2, { ...options, side: 'down' })
    expectClose(down, betaBinomialLogE({ k: 37, n: 40 }, 0.8, options))
  })

  it.each(['up', 'down', 'both'] as const)('has a mixture with mean one on the boundary (%s)', side => {
    const n = 10
    const rate = 0.3
    let probability = (1 - rate) ** n
    let mean = 0
    for (let k = 0; k <= n; k++) {
      mean += probability * Math.exp(betaBinomialLogE({ k, n }, rate, { nOpt: 8, side }))
      probability *= ((n - k) / (k + 1)) * (rate / (1 - rate))
    }
    expectClose(mean, 1)
  })

  it.each([
    { limit: 0, nOpt: 10 },
    { limit: 1, nOpt: 10 },
    { limit: 0.1, nOpt: 0 },
    { limit: 0.1, nOpt: 10, alphaOpt: 0.6 },
  ])('refuses the mixture options %j', ({ limit, ...options }) => {
    expect(() => betaBinomialLogE({ k: 1, n: 2 }, limit, options)).toThrow(RangeError)
  })
})

describe('beta-binomial bounds of a rate', () => {
  it.each(vectors.a3_bernoulli_confidence_sequence_two_sided)('meet reference case %#', vector => {
    const { S: k, n, alpha, n_opt: nOpt, alpha_opt: alphaOpt } = vector
    const { lower, upper } = betaBinomialBounds({ k, n }, alpha, { nOpt, alphaOpt })
    expectClose(lower, vector.lower, 1e-6)
    expectClose(upper, vector.upper, 1e-6)
  })

  it('are open without data', () => {
    expect(betaBinomialBounds({ k: 0, n: 0 }, 0.05, { nOpt: 100 })).toEqual({ lower: 0, upper: 1 })
  })
})

describe('bounds of a rate', () => {
  it('are where the evidence crosses its threshold', () => {
    const counts = [{ k: 30, n: 1000 }]
    const { lower, upper } = rateBounds(counts, 0.05)
    expect(lower).toBeLessThan(0.03)
    expect(upper).toBeGreaterThan(0.03)
    expectClose(rateLogE(counts, lower), Math.log(20))
    expectClose(rateLogE(counts, upper, { direction: 'down' }), Math.log(20))
  })

  it('are open without data and at the ends', () => {
    expect(rateBounds([], 0.05)).toEqual({ lower: 0, upper: 1 })
    expect(rateBounds([{ k: 0, n: 500 }], 0.05).lower).toBe(0)
    expect(rateBounds([{ k: 500, n: 500 }], 0.05).upper).toBe(1)
  })

  it('widen with the design effect', () => {
    const counts = [{ k: 30, n: 1000 }]
    const independent = rateBounds(counts, 0.05)
    const clustered = rateBounds(counts, 0.05, 3)
    expect(clustered.lower).toBeLessThan(independent.lower)
    expect(clustered.upper).toBeGreaterThan(independent.upper)
  })
})
