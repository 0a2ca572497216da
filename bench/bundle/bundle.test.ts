import { expect, it } from 'vitest'
import { run } from './bench.mjs'

it('adds no more to a page than was promised', async () => {
  const { rows } = await run()
  expect(rows.map(({ value, goal, met }) => [goal, met, value > 1])).toEqual([
    [4, true, true],
    [5, true, true],
  ])
}, 30_000)
