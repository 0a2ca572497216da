import { describe, expect, it } from 'vitest'
import { vectors } from '../../test/vectors.ts'
import { eBenjaminiHochberg, logEThreshold, weightedBonferroni } from '../index.ts'

describe('weighted Bonferroni', () => {
  it.each(vectors.h_multiplicity.weighted_bonferroni)('meets reference case %#', ({ logE, w, alpha, rejected_idx }) => {
    const rules = logE.map((value, index) => ({ logE: value, weight: w[index] ?? 0 }))
    expect(weightedBonferroni(rules, alpha)).toEqual(rejected_idx)
  })

  it('takes a third of alpha three times', () => {
    const rules = [1, 2, 3].map(logE => ({ logE, weight: 1 / 3 }))
    expect(weightedBonferroni(rules, 0.05)).toEqual([])
    expect(logEThreshold(0.05, 1 / 3)).toBeCloseTo(Math.log(60), 12)
  })

  it('refuses to spend more than alpha', () => {
    expect(() =>
      weightedBonferroni(
        [
          { logE: 1, weight: 0.6 },
          { logE: 1, weight: 0.6 },
        ],
        0.05,
      ),
    ).toThrow(RangeError)
    expect(() => weightedBonferroni([{ logE: 1, weight: 0 }], 0.05)).toThrow(RangeError)
    expect(() => logEThreshold(0.05, 1.1)).toThrow(RangeError)
    expect(() => logEThreshold(0)).toThrow(RangeError)
  })
})

describe('e-BH', () => {
  it.each(vectors.h_multiplicity.ebh)('meets reference case %#', ({ e, alpha, rejected_idx }) => {
    expect(eBenjaminiHochberg(e.map(Math.log), alpha)).toEqual(rejected_idx)
  })

  it('rejects nothing out of nothing, and never by a missing e-value', () => {
    expect(eBenjaminiHochberg([], 0.05)).toEqual([])
    expect(eBenjaminiHochberg([-Infinity, 0], 0.05)).toEqual([])
  })
})
