import { expect, it } from 'vitest'
import { median, quantile, rounded } from './numbers.mjs'
import { rowsTable } from './table.mjs'

it('shows values, goals and ratios in columns', () => {
  const text = rowsTable([
    { name: 'kill applied', value: 41.234, unit: 'ms', goal: 100, met: true },
    { name: 'start', value: 3.5, unit: 's', goal: 3, met: false },
    { name: 'evaluate', value: 1451, unit: 'ns', peer: 'flagd-core 4.0.1', ratio: 7.64 },
  ])
  expect(text.split('\n')).toEqual([
    '                 value      goal              peer  ratio',
    '------------  --------  --------  ----------------  -----',
    'kill applied   41.2 ms   100 met',
    'start            3.5 s  3 MISSED',
    'evaluate      1,450 ns            flagd-core 4.0.1  7.64x',
  ])
})

it('takes quantiles from the values themselves', () => {
  expect(median([5, 1, 3])).toBe(3)
  expect(quantile([1, 2, 3, 4], 0.99)).toBe(4)
  expect(quantile([1, 2, 3, 4], 0.25)).toBe(1)
  expect(() => median([])).toThrow('no values')
})

it('rounds to three digits', () => {
  expect([0.012345, 41.234, 1451].map(rounded)).toEqual([0.0123, 41.2, 1450])
})
