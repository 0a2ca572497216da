import { describe, expect, it } from 'vitest'
import { expectClose, vectors } from '../../test/vectors.ts'
import {
  mixturePrecision,
  normalMixtureBoundary,
  normalMixtureLogE,
  sequentialHalfWidth,
  stratifiedMean,
} from '../index.ts'
import { logScaledNormalCdf } from '../numeric/log-normal-tail.ts'

describe('the normal distribution function', () => {
  it.each([
    { x: 0, cdf: 0.5 },
    { x: 1, cdf: 0.8413447460685429 },
    { x: -2, cdf: 0.02275013194817922 },
    { x: -2.9999, cdf: 0.0013503412829549248 },
    { x: -5, cdf: 2.866515718791946e-7 },
    { x: 4, cdf: 0.9999683287581669 },
  ])('is $cdf at $x', ({ x, cdf }) => {
    expectClose(logScaledNormalCdf(x), Math.log(cdf) + x ** 2 / 2, 1e-10)
  })

  it('is smooth where the methods of calculation meet, and tame far out', () => {
    for (const seam of [-3, 3]) {
      expectClose(logScaledNormalCdf(seam - 1e-12), logScaledNormalCdf(seam + 1e-12), 1e-10)
    }
    expectClose(logScaledNormalCdf(-1e8), -Math.log(1e8) - 0.5 * Math.log(2 * Math.PI))
  })
})

describe('the normal mixture', () => {
  it.each(vectors.c_normal_mixture)('meets reference case %#', vector => {
    const { S: sum, V: variance, V_opt, alpha } = vector
    const one = mixturePrecision(V_opt, alpha, 'one')
    const both = mixturePrecision(V_opt, alpha, 'both')
    expectClose(one, vector.rho_one_sided)
    expectClose(both, vector.rho_two_sided)
    expectClose(normalMixtureLogE({ sum, variance }, one, 'one'), vector.logE_one_sided)
    expectClose(normalMixtureLogE({ sum, variance }, both, 'both'), vector.logE_two_sided)
    expectClose(normalMixtureBoundary(variance, one, { alpha, sides: 'one' }), vector.bound_one_sided, 1e-6)
    expectClose(normalMixtureBoundary(variance, both, { alpha, sides: 'both' }), vector.bound_two_sided)
  })
})

describe('asymptotic confidence sequences', () => {
  it.each(vectors.c2_waudby_smith_asympcs_and_growthbook)('meet reference case %# of the half width', vector => {
    const { sd, n, alpha, t_star: tightestAt } = vector
    const sample = { se: sd / Math.sqrt(n), n, tightestAt }
    expectClose(sequentialHalfWidth(sample, alpha, 'both'), vector.halfwidth_two_sided)
    expectClose(sequentialHalfWidth(sample, alpha, 'one'), vector.halfwidth_one_sided)
  })

  it.each(vectors.c3_information_scale_stratified_asympcs)('meet reference case %# over strata', vector => {
    const strata = vector.strata_est_se.map(([estimate, se]) => ({ estimate, se }))
    const combined = stratifiedMean(strata, { alpha: vector.alpha, nullValue: vector.null, smallestEffect: vector.mde })
    expectClose(combined?.estimate ?? null, vector.est)
    expectClose(combined?.se ?? null, vector.se)
    expectClose(combined?.logEUp ?? null, vector.logE_one_sided_up)
    expectClose(combined?.logEDown ?? null, vector.logE_one_sided_down)
    expectClose(combined?.lower ?? null, vector.lower_bound_one_sided, 1e-6)
    expectClose(combined?.upper ?? null, vector.upper_bound_one_sided, 1e-6)
  })

  it('know nothing without strata, and refuse what is no estimate', () => {
    const options = { alpha: 0.05, smallestEffect: 0.1 }
    expect(stratifiedMean([], options)).toBeNull()
    expect(() => stratifiedMean([{ estimate: 1, se: 0 }], options)).toThrow(RangeError)
    expect(() => stratifiedMean([{ estimate: Number.NaN, se: 1 }], options)).toThrow(RangeError)
    expect(() => stratifiedMean([{ estimate: 1, se: 1 }], { ...options, alpha: 0.5 })).toThrow('twice alpha')
  })
})
