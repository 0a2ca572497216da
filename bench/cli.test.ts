import { expect, it } from 'vitest'
import { benchNames } from './cli.mjs'

it.each(benchNames())(
  '%s says in one line what it measures',
  async name => {
    const { about, run } = await import(`./${name}/bench.mjs`)
    expect(about).toMatch(/^[^\n]{20,100}$/)
    expect(run).toBeTypeOf('function')
  },
  30_000,
)

it('finds the benches', () => {
  expect(benchNames()).toEqual(expect.arrayContaining(['evaluate', 'propagation', 'startup']))
})
