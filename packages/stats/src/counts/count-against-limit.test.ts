import { expect, it } from 'vitest'
import { expectClose, vectors } from '../../test/vectors.ts'
import { countLogE } from '../index.ts'

it.each(vectors.e_poisson_vs_absolute)('meets reference case %#', ({ k, Lambda0, direction, phi, logE }) => {
  expectClose(countLogE([{ k, expected: Lambda0 }], { direction, phi }), logE)
})

it('does not depend on how time is sliced', () => {
  const whole = countLogE([{ k: 9, expected: 4 }])
  expectClose(
    countLogE([
      { k: 2, expected: 1 },
      { k: 7, expected: 3 },
    ]),
    whole,
  )
})

it('refuses negative counts', () => {
  expect(() => countLogE([{ k: -1, expected: 1 }])).toThrow(RangeError)
  expect(() => countLogE([{ k: 1, expected: Infinity }])).toThrow(RangeError)
})
