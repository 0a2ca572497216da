import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../test/random.ts'
import {
  addToTable,
  failuresRatio,
  historyWeight,
  minuteDesignEffect,
  minuteRecurrence,
  minutesRatio,
  parseRatioTable,
  type RatioSlice,
  type RatioTable,
  ratioLogE,
  restartedLogE,
  restartTable,
  startTable,
  tableLogE,
  tableSlices,
} from '../index.ts'

const tableOf = (slices: readonly RatioSlice[]): RatioTable => slices.reduce(addToTable, startTable())
const slice = (kT: number, kC: number, exposureT: number, exposureC: number): RatioSlice => ({
  kT,
  kC,
  exposureT,
  exposureC,
})
const count = fc.nat(20)
const exposure = fc.integer({ min: 1, max: 5000 })
const anySlice = fc.record({ kT: count, kC: count, exposureT: exposure, exposureC: exposure })

describe('a table of ratio slices', () => {
  it('never proves more than the slices themselves, whatever was joined, in either direction', () => {
    fc.assert(
      fc.property(fc.array(anySlice, { maxLength: 40 }), fc.constantFrom(0.5, 1, 2, 10), (slices, r0) => {
        const table = tableOf(slices)
        for (const direction of ['up', 'down'] as const) {
          expect(tableLogE(table, { r0, direction })).toBeLessThanOrEqual(ratioLogE(slices, { r0, direction }) + 1e-9)
        }
      }),
    )
  })

  it('proves nearly as much while the allocation is steady', () => {
    const slices = Array.from({ length: 300 }, (_, i) => slice(i % 5 === 0 ? 1 : 0, i % 2, 100 - i / 30, 1900 - i / 4))
    const exact = ratioLogE(slices)
    expect(exact - tableLogE(tableOf(slices))).toBeLessThan(0.5)
  })

  it('is the same table however the slices of one allocation are grouped', () => {
    const one = tableOf([slice(3, 7, 100, 1900), slice(2, 1, 100, 1900), slice(0, 4, 100, 1900)])
    expect(tableOf([slice(5, 12, 100, 1900)])).toEqual(one)
  })

  it('stays below a kilobyte with any number of restarts, and comes back from JSON bit for bit', () => {
    const random = seededRandom(5)
    let table = startTable()
    for (let i = 0; i < 5000; i++) {
      if (i % 50 === 0) table = restartTable(table)
      table = addToTable(table, slice(Math.round(random()), Math.round(3 * random()), 90 + 20 * random(), 1900))
    }
    const json = JSON.stringify(table)
    expect(json.length).toBeLessThan(1500)
    const back = parseRatioTable(JSON.parse(json))
    expect(back).toEqual(table)
    expect(restartedLogE(back)).toBe(restartedLogE(table))
    expect(table.epochs[0]?.start).toBe(1)
  })

  it('notices late harm sooner with fresh starts', () => {
    const quiet = Array.from({ length: 60 }, () => slice(1, 19, 100, 1900))
    const harm = Array.from({ length: 6 }, () => slice(4, 19, 100, 1900))
    const single = tableOf([...quiet, ...harm])
    const fresh = harm.reduce(addToTable, restartTable(tableOf(quiet)))
    expect(restartedLogE(fresh)).toBeGreaterThan(tableLogE(single) + 1)
  })

  it('has mean at most one under the null, restarts included', () => {
    const random = seededRandom(11)
    let sum = 0
    const runs = 4000
    for (let run = 0; run < runs; run++) {
      let table = startTable()
      for (let i = 0; i < 30; i++) {
        if (i % 10 === 9) table = restartTable(table)
        const hit = random() < 0.25
        table = addToTable(table, slice(hit ? 1 : 0, hit ? 0 : 1, 250, 750))
      }
      sum += Math.exp(restartedLogE(table))
    }
    expect(sum / runs).toBeLessThan(1.1)
  })

  it('says nothing where one group is missing', () => {
    expect(tableOf([slice(3, 0, 10, 0), slice(0, 0, 10, 10)])).toEqual(startTable())
    expect(tableSlices(startTable())).toEqual([])
  })

  it.each([slice(0.5, 1, 1, 1), slice(-1, 1, 1, 1), slice(1, 1, Number.NaN, 1), slice(1, 1, 1, Infinity)])(
    'refuses the impossible slice %j',
    impossible => {
      expect(() => tableOf([impossible])).toThrow(RangeError)
    },
  )

  it.each([null, {}, { starts: 1, epochs: [] }, { starts: 1, epochs: [{ start: 1, rows: [1, 2, 3] }] }])(
    'refuses the stored value %j',
    value => {
      expect(() => parseRatioTable(value)).toThrow(TypeError)
    },
  )
})

describe('the design effect of failed minutes', () => {
  const stages = [{ share: 0.05 }, { share: 0.25 }]
  const control = (failed: (unit: number) => number) =>
    Array.from({ length: 400 }, (_, unit) => [
      { failed: failed(unit), active: 20 },
      { failed: failed(unit + 1), active: 20 },
    ])

  it('is near one when failures are spread like chance, and grows when few units have them all', () => {
    const random = seededRandom(3)
    const spread = minuteDesignEffect({ units: 500, stages, control: control(() => (random() < 0.3 ? 1 : 0)) })
    const packed = minuteDesignEffect({ units: 500, stages, control: control(unit => (unit % 40 === 0 ? 12 : 0)) })
    expect(spread).toBeGreaterThanOrEqual(1)
    expect(spread).toBeLessThan(1.3)
    expect(packed).toBeGreaterThan(5)
  })

  it('says nothing of too few units or without failures', () => {
    expect(minuteDesignEffect({ units: 500, stages, control: control(() => 0) })).toBeUndefined()
    expect(minuteDesignEffect({ units: 20, stages, control: control(() => 1).slice(0, 19) })).toBeUndefined()
  })

  it('tells how failed minutes of the same units recur, and what that makes of a ratio', () => {
    const random = seededRandom(11)
    const chances = Array.from({ length: 3_000 }, () => 0.4 * random() ** 4)
    const minutes = (times: number) =>
      chances.map(chance => {
        const failing = 1 - (1 - chance) ** times
        return { failed: Array.from({ length: 60 }, () => random() < failing).filter(Boolean).length, active: 60 }
      })
    const failed = (times: number) => minutes(times).reduce((sum, unit) => sum + unit.failed, 0)
    const recurrence = minuteRecurrence(minutes(1)) ?? 0
    const [squares, sum] = chances.reduce(([a, b], chance) => [a + chance ** 2, b + chance], [0, 0])
    expect(recurrence).toBeCloseTo(squares / sum, 2)
    const ratio = failed(2) / failed(1)
    expect(ratio).toBeLessThan(1.9)
    expect(minutesRatio(2, recurrence)).toBeCloseTo(ratio, 1)
    expect(failuresRatio(ratio, recurrence)).toBeCloseTo(2, 1)
  })

  it('turns ratios there and back, more into more, and leaves them where nothing recurs', () => {
    for (const recurrence of [0, 0.001, 0.2, 0.4, 0.9]) {
      for (const times of recurrence < 0.5 ? [0, 0.5, 1, 1.7, 3] : [0, 0.5, 1]) {
        expect(failuresRatio(minutesRatio(times, recurrence), recurrence)).toBeCloseTo(times, 9)
      }
      const ratios = [1, 3, 10, 100].map(minutes => failuresRatio(minutes, recurrence))
      expect([...ratios].sort((a, b) => a - b)).toEqual(ratios)
    }
    expect(failuresRatio(3, 0)).toBe(3)
    expect(failuresRatio(Infinity, 0.2)).toBe(Infinity)
    expect(minuteRecurrence([{ failed: 0, active: 9 }])).toBeUndefined()
    expect(minuteRecurrence([{ failed: 9, active: 9 }])).toBe(0.9)
  })

  it('weighs units by their history, and alike without', () => {
    expect(historyWeight(undefined, 0.01)).toBe(1)
    expect(historyWeight({ failed: 0, active: 0 }, 0.01)).toBeCloseTo(1, 12)
    expect(historyWeight({ failed: 9, active: 100 }, 0.01)).toBeCloseTo(5, 12)
  })
})
