import fc from 'fast-check'
import { expect, it } from 'vitest'
import { expectClose } from '../../test/vectors.ts'
import { logGamma } from './log-gamma.ts'
import { logBeta, logIncompleteBeta } from './log-incomplete-beta.ts'
import { logSumExp } from './log-sum-exp.ts'

it('gives the log of factorials', () => {
  let logFactorial = 0
  for (let n = 1; n < 200; n++) {
    expectClose(logGamma(n), logFactorial, 1e-14)
    logFactorial += Math.log(n)
  }
})

it('gives half-integer and tiny arguments', () => {
  expectClose(logGamma(0.5), 0.5 * Math.log(Math.PI), 1e-14)
  expectClose(logGamma(1e-8), 18.42068073818021, 1e-14)
  expect(logGamma(0)).toBeNaN()
})

it('obeys the recurrence and the duplication formula', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 1e5, noNaN: true }), x => {
      expectClose(logGamma(x + 1) - logGamma(x), Math.log(x), 1e-9)
      const doubled = logGamma(x) + logGamma(x + 0.5) - (1 - 2 * x) * Math.LN2 - 0.5 * Math.log(Math.PI)
      expectClose(doubled, logGamma(2 * x), 1e-12)
    }),
  )
})

it('splits the beta function into two incomplete parts', () => {
  const positive = fc.double({ min: 0.1, max: 5_000, noNaN: true })
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), positive, positive, (x, a, b) => {
      const parts = logSumExp([logIncompleteBeta(x, a, b), logIncompleteBeta(1 - x, b, a)])
      expectClose(parts, logBeta(a, b), 1e-10)
    }),
  )
})

it('gives closed forms of the incomplete beta function, also where it would underflow', () => {
  expectClose(logIncompleteBeta(0.3, 2, 1), Math.log(0.3 ** 2 / 2), 1e-13)
  expectClose(logIncompleteBeta(0.3, 1, 5), Math.log((1 - 0.7 ** 5) / 5), 1e-13)
  expectClose(logIncompleteBeta(1e-3, 400, 1), 400 * Math.log(1e-3) - Math.log(400), 1e-13)
  expect(logIncompleteBeta(0, 2, 3)).toBe(-Infinity)
  expectClose(logIncompleteBeta(1, 2, 3), Math.log(1 / 12), 1e-13)
})

it('adds logs without overflow', () => {
  expectClose(logSumExp([1000, 1000]), 1000 + Math.LN2)
  expectClose(logSumExp([-1000, -1001]), -1000 + Math.log1p(Math.exp(-1)))
  expect(logSumExp([])).toBe(-Infinity)
  expect(logSumExp([Infinity, 0])).toBe(Infinity)
})
