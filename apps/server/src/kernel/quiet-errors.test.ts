import { expect, it } from 'vitest'
import { quietErrors } from './quiet-errors.ts'

it('reports a failure once a minute, and another one at once', () => {
  let now = 0
  const reported: unknown[] = []
  const report = quietErrors({ now: () => now }, error => reported.push(error))
  const [away, other] = [new Error('connect ECONNREFUSED'), new Error('other')]
  for (; now < 59_000; now += 1_000) report(away)
  report(other)
  expect(reported).toEqual([away, other])
  now = 60_000
  report(away)
  expect(reported).toEqual([away, other, away])
})
