import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../test/random.ts'
import { expectClose, vectors } from '../../test/vectors.ts'
import {
  addSlice,
  evenLooks,
  firstRunAt,
  type LogRankTick,
  logRankLogE,
  logRankRatioSlice,
  logRankSlice,
  logRankTicks,
  ratioBounds,
  startTilt,
  tiltLogE,
  type UnitFirstEvent,
} from '../index.ts'

type Four = readonly [number, number, number, number]
const ticksOf = (rows: readonly Four[]): LogRankTick[] =>
  rows.map(([dT, dC, atRiskT, atRiskC]) => ({ dT, dC, atRiskT, atRiskC }))

describe('the log-rank test', () => {
  it.each(vectors.g_anytime_valid_logrank_first_event)('meets reference case %#', vector => {
    expectClose(logRankLogE(ticksOf(vector.ticks_dT_dC_atriskT_atriskC), { hr0: vector.hr0 }), vector.logE)
  })

  it.each(vectors.g2_logrank_severe_grid)('meets reference case %# on the severe grid', vector => {
    expectClose(logRankLogE(ticksOf(vector.ticks_dT_dC_atriskT_atriskC), { grid: 'G_SEV' }), vector.logE)
  })

  it('adds up tick by tick to the same evidence', () => {
    const ticks = ticksOf([
      [2, 3, 100, 1900],
      [3, 1, 98, 1897],
      [1, 0, 95, 1896],
    ])
    const state = ticks.reduce((sum, tick) => addSlice(sum, logRankSlice(tick)), startTilt())
    expectClose(tiltLogE(state), logRankLogE(ticks))
  })

  it('excludes a hazard ratio of 3 once the exposed fail as rarely as the others', () => {
    const ticks = Array.from(
      { length: 40 },
      (_, i): LogRankTick => ({ dT: 1, dC: 3, atRiskT: 500 - i, atRiskC: 1500 - 3 * i }),
    )
    expect(logRankLogE(ticks, { hr0: 3, direction: 'down' })).toBeGreaterThan(Math.log(20))
    expect(logRankLogE(ticks)).toBeLessThan(0)
    const { lower, upper } = ratioBounds(ticks.map(logRankRatioSlice), 0.05)
    expect(lower).toBeLessThan(1)
    expect(upper).toBeGreaterThan(1)
    expect(upper).toBeLessThan(3)
  })

  it('refuses more first events than units at risk', () => {
    expect(() => logRankLogE(ticksOf([[2, 0, 1, 10]]))).toThrow(RangeError)
  })
})

const unit: fc.Arbitrary<UnitFirstEvent> = fc
  .record({ treated: fc.boolean(), enteredAt: fc.integer({ min: -50, max: 1_000 }), after: fc.option(fc.nat(1_000)) })
  .map(({ treated, enteredAt, after }) => ({
    arm: treated ? 'treated' : 'control',
    enteredAt,
    ...(after === null ? {} : { eventAt: enteredAt + after }),
  }))

function countedOneByOne(units: readonly UnitFirstEvent[], looks: readonly number[]): LogRankTick[] {
  return looks.map((look, index) => {
    const previous = looks[index - 1] ?? -Infinity
    const atRisk = (arm: UnitFirstEvent['arm']) =>
      units.filter(u => u.arm === arm && u.enteredAt <= look && !((u.eventAt ?? Infinity) <= previous))
    const failing = (arm: UnitFirstEvent['arm']) => atRisk(arm).filter(u => (u.eventAt ?? Infinity) <= look).length
    return {
      dT: failing('treated'),
      dC: failing('control'),
      atRiskT: atRisk('treated').length,
      atRiskC: atRisk('control').length,
    }
  })
}

describe('ticks out of facts per unit', () => {
  const looks = fc
    .uniqueArray(fc.integer({ min: -100, max: 2_000 }), { maxLength: 30 })
    .map(times => times.sort((a, b) => a - b))

  it('are what counting unit by unit gives', () => {
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 40 }), looks, (units, times) => {
        expect(logRankTicks(units, times)).toEqual(countedOneByOne(units, times))
      }),
    )
  })

  it('stay the same when later looks and facts are added', () => {
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 40 }), looks, fc.nat(30), (units, times, cut) => {
        const early = times.slice(0, cut)
        const end = early.at(-1) ?? -Infinity
        const knownThen = units
          .filter(u => u.enteredAt <= end)
          .map(({ arm, enteredAt, eventAt }) =>
            eventAt !== undefined && eventAt <= end ? { arm, enteredAt, eventAt } : { arm, enteredAt },
          )
        expect(logRankTicks(knownThen, early)).toEqual(logRankTicks(units, times).slice(0, cut))
      }),
    )
  })

  it('count a unit that enters and fails within one tick as at risk', () => {
    const ticks = logRankTicks([{ arm: 'treated', enteredAt: 12, eventAt: 12 }], [10, 20, 30])
    expect(ticks.map(tick => [tick.dT, tick.atRiskT])).toEqual([
      [0, 0],
      [1, 1],
      [0, 0],
    ])
  })

  it('refuse an event before its entry, times that are none, and looks that do not grow', () => {
    expect(() => logRankTicks([{ arm: 'control', enteredAt: 5, eventAt: 4 }], [10])).toThrow('must not lie before')
    expect(() => logRankTicks([{ arm: 'control', enteredAt: Number.NaN }], [10])).toThrow(RangeError)
    expect(() => logRankTicks([], [10, 10])).toThrow('looks')
    expect(() => logRankTicks([], [10, Number.NaN])).toThrow('looks')
  })
})

describe('even looks', () => {
  it('cover whole ticks only', () => {
    expect(evenLooks({ from: 100, until: 130, width: 10 })).toEqual([110, 120, 130])
    expect(evenLooks({ from: 100, until: 129, width: 10 })).toEqual([110, 120])
    expect(evenLooks({ from: 100, until: 90, width: 10 })).toEqual([])
  })

  it('refuse a width of nothing and times that are none', () => {
    expect(() => evenLooks({ from: 0, until: 1, width: 0 })).toThrow(RangeError)
    expect(() => evenLooks({ from: 0, until: Infinity, width: 1 })).toThrow(RangeError)
  })
})

describe('the first run of failures', () => {
  const outcomes = [true, false, false, true, false, false, false, false].map((ok, at) => ({ at, ok }))

  it('is the first error at length 1 and interrupted by any success', () => {
    expect(firstRunAt(outcomes, 1)).toBe(1)
    expect(firstRunAt(outcomes, 2)).toBe(2)
    expect(firstRunAt(outcomes, 3)).toBe(6)
    expect(firstRunAt(outcomes, 5)).toBeUndefined()
  })

  it('refuses outcomes out of order and lengths that are not whole', () => {
    expect(() => firstRunAt(outcomes.toReversed(), 3)).toThrow('time order')
    expect(() => firstRunAt([], 0)).toThrow(RangeError)
  })
})

/** Accounts that differ widely in how soon they fail; `harm` multiplies the hazard of the treated. */
function simulatedUnits(random: () => number, share: number, harm: number): UnitFirstEvent[] {
  return Array.from({ length: 150 }, () => {
    const arm = random() < share ? 'treated' : 'control'
    const activity = Math.exp(4 * random() - 6) * (arm === 'treated' ? harm : 1)
    const enteredAt = Math.floor(40 * random())
    return { arm, enteredAt, eventAt: enteredAt - Math.log(1 - random()) / activity }
  })
}

/** Share of runs in which the evidence ever reached the threshold, looking at each of 120 ticks. */
function alarmRate(share: number, harm: number, grid: 'G24' | 'G_SEV'): number {
  const random = seededRandom(20260821)
  const runs = 300
  const looks = evenLooks({ from: 0, until: 120, width: 1 })
  let alarms = 0
  for (let run = 0; run < runs; run++) {
    let state = startTilt({ grid })
    const fired = logRankTicks(simulatedUnits(random, share, harm), looks).some(tick => {
      if (tick.dT + tick.dC > 0) state = addSlice(state, logRankSlice(tick))
      return tiltLogE(state) >= Math.log(20)
    })
    if (fired) alarms++
  }
  return alarms / runs
}

describe('looking at every tick, alpha 5 %', () => {
  it.each([
    { share: 0.05, grid: 'G24' as const },
    { share: 0.5, grid: 'G24' as const },
    { share: 0.25, grid: 'G_SEV' as const },
  ])('raises a false alarm in at most 5 % of harmless rollouts ($share exposed, $grid)', ({ share, grid }) => {
    const rate = alarmRate(share, 1, grid)
    expect(rate).toBeLessThanOrEqual(0.05)
    expect(rate).toBeGreaterThan(0)
  })

  it('notices a fourfold hazard in most harmful ones', () => {
    expect(alarmRate(0.25, 4, 'G24')).toBeGreaterThan(0.8)
  })
})
