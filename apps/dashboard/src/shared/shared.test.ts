import { describe, expect, it } from 'vitest'
import { describeChart, timeLabel, valueAt } from './chart/chart-model.ts'
import { keyFromName } from './key-from-name.ts'

describe('keyFromName', () => {
  it.each([
    ['New PDF engine', 'new-pdf-engine'],
    ['  Übersicht 2.0!  ', 'ubersicht-2-0'],
    ['---', ''],
  ])('makes of %j the key %j', (name, key) => expect(keyFromName(name)).toBe(key))
})

describe('chart model', () => {
  it('reads the latest value, but not one from long ago', () => {
    expect(valueAt([1, 2, null], undefined)).toBe(2)
    expect(valueAt([1, null, null, null], undefined)).toBeUndefined()
    expect(valueAt([1, null, 3], 1)).toBeUndefined()
    expect(valueAt([0, null, 3], 0)).toBe(0)
  })

  it('labels times as fine as the ticks are', () => {
    const at = new Date(2026, 2, 3, 10, 2, 11).getTime() / 1000
    expect(timeLabel(at, 10)).toBe('10:02:11')
    expect(timeLabel(at, 600)).toBe('10:02')
    expect(timeLabel(at, 86_400)).toBe('3 Mar')
  })

  it('says the chart in a sentence', () => {
    const chart = { title: 'Ratio', times: [1], moments: [], top: 3, format: (value: number) => `${value}x` }
    const lines = [{ label: 'Estimate', color: '--c', values: [1.5] }]
    expect(describeChart({ ...chart, lines, limit: 2 })).toBe('Ratio, latest: Estimate 1.5x, limit 2x')
    expect(describeChart({ ...chart, lines: [] })).toBe('Ratio: no data yet')
  })
})
