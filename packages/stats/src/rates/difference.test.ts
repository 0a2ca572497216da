import { describe, expect, it } from 'vitest'
import { expectClose, vectors } from '../../test/vectors.ts'
import { type AssignedOutcome, cohortBlocksLogE, differenceLogE } from '../index.ts'

describe('the difference of two proportions', () => {
  it.each(vectors.b2_two_sample_difference_ipw_betting)('meets reference case %#', vector => {
    const units = vector.units_x_A_pi.map(([x, a, share]) => ({ x, treated: a === 1, share }))
    const planned = units.map(unit => unit.share)
    const shares = { min: Math.min(...planned), max: Math.max(...planned) }
    const { d0, direction } = vector
    expectClose(differenceLogE(units, { d0, direction, shares }), vector.logE)
  })

  it.each(['up', 'down'] as const)(
    'has mean one over all assignments of outcomes that exposure does not change (%s)',
    direction => {
      const outcomes = [1, 0, 0.4, 1]
      const share = 0.3
      let mean = 0
      for (let assignment = 0; assignment < 16; assignment++) {
        const units = outcomes.map((x, i): AssignedOutcome => ({ x, treated: (assignment & (1 << i)) !== 0, share }))
        const probability = units.reduce((product, { treated }) => product * (treated ? share : 1 - share), 1)
        mean += probability * Math.exp(differenceLogE(units, { direction, shares: { min: 0.05, max: 0.5 } }))
      }
      expectClose(mean, 1)
    },
  )

  it('refuses outcomes and shares outside their range', () => {
    const shares = { min: 0.2, max: 0.5 }
    expect(() => differenceLogE([{ x: 1.1, treated: true, share: 0.3 }], { shares })).toThrow(RangeError)
    expect(() => differenceLogE([{ x: 1, treated: true, share: 0.1 }], { shares })).toThrow('outside the plan')
    expect(() => differenceLogE([], { shares, d0: 1 })).toThrow(RangeError)
    expect(() => differenceLogE([], { shares: { min: 0, max: 0.5 } })).toThrow(RangeError)
  })
})

describe('cohort blocks', () => {
  it.each(vectors.b3_turner_grunwald_2x2_blocks)('meet reference case %#', ({ blocks_yT_nT_yC_nC, logE }) => {
    expectClose(cohortBlocksLogE(blocks_yT_nT_yC_nC.map(([yT, nT, yC, nC]) => ({ yT, nT, yC, nC }))), logE)
  })

  it('ignore empty cohorts and refuse impossible ones', () => {
    const block = { yT: 3, nT: 10, yC: 1, nC: 10 }
    const empty = { yT: 0, nT: 0, yC: 0, nC: 0 }
    expect(cohortBlocksLogE([block, empty, block])).toBe(cohortBlocksLogE([block, block]))
    expect(() => cohortBlocksLogE([{ ...block, yT: 11 }])).toThrow(RangeError)
  })
})
