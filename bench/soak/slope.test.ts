import { expect, it } from 'vitest'
import { slopePerHour } from './slope.mjs'

const minute = 60_000
const sawtooth = (perHour: number) =>
  Array.from({ length: 180 }, (_, index) => {
    const atMs = index * 10_000
    return { atMs, value: 100 + (perHour * atMs) / 3_600_000 + (index % 6) * 7 }
  })

it('finds the slope under the teeth', () => {
  expect(slopePerHour(sawtooth(12), minute)).toBeCloseTo(12)
  expect(slopePerHour(sawtooth(0), minute)).toBeCloseTo(0)
})

it('needs two stretches', () => {
  expect(() => slopePerHour([{ atMs: 0, value: 1 }], minute)).toThrow('two stretches')
})
