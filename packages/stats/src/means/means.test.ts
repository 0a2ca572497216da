import { describe, expect, it } from 'vitest'
import { expectClose, vectors } from '../../test/vectors.ts'
import { boundedMeanLogE, labelBettingLogE, type ScoredUnit } from '../index.ts'

describe('the mean of bounded values', () => {
  it.each(vectors.b4_bounded_mean_betting_lambda_grid)('meets reference case %#', vector => {
    const { m0: limit, direction, upper: largest } = vector
    expectClose(boundedMeanLogE(vector.x, { limit, direction, largest }), vector.logE)
  })

  it('does not depend on the unit of measurement', () => {
    const values = [0.1, 0.7, 0.3]
    const scaled = values.map(value => 40 * value)
    expectClose(boundedMeanLogE(scaled, { limit: 8, largest: 40 }), boundedMeanLogE(values, { limit: 0.2 }))
  })

  it('refuses values and limits outside the range', () => {
    expect(() => boundedMeanLogE([1.2], { limit: 0.5 })).toThrow(RangeError)
    expect(() => boundedMeanLogE([Number.NaN], { limit: 0.5 })).toThrow(RangeError)
    expect(() => boundedMeanLogE([], { limit: 1 })).toThrow(RangeError)
  })
})

describe('label betting', () => {
  it.each(vectors.c5_label_betting_randomisation_eprocess)('meets reference case %#', ({ units_score_A_w, logE }) => {
    expectClose(
      labelBettingLogE(units_score_A_w.map(([score, a, share]) => ({ score, treated: a === 1, share }))),
      logE,
    )
  })

  it('has mean one over all labels, whatever the scores', () => {
    const scores = [3.5, -0.2, 900, -40]
    const shares = [0.05, 0.25, 0.25, 0.5]
    let mean = 0
    for (let labels = 0; labels < 16; labels++) {
      const units = scores.map(
        (score, i): ScoredUnit => ({ score, treated: (labels & (1 << i)) !== 0, share: shares[i] ?? 0 }),
      )
      const probability = units.reduce((product, { treated, share }) => product * (treated ? share : 1 - share), 1)
      mean += probability * Math.exp(labelBettingLogE(units))
    }
    expectClose(mean, 1)
  })

  it('refuses scores that are not finite and shares of nothing or everything', () => {
    expect(() => labelBettingLogE([{ score: Number.NaN, treated: true, share: 0.5 }])).toThrow(RangeError)
    expect(() => labelBettingLogE([{ score: 1, treated: true, share: 1 }])).toThrow(RangeError)
  })
})
