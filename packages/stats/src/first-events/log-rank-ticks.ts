import type { LogRankTick } from './log-rank.ts'

/**
 * What is known of one unit in one stage. Times in epoch ms. `enteredAt` must mean the same in both groups (first seen
 * since the stage began, or the stage's start): an entry that depends on the group breaks the randomisation. `eventAt`
 * is the first event at or after the entry.
 */
export type UnitFirstEvent = {
  readonly arm: 'treated' | 'control'
  readonly enteredAt: number
  readonly eventAt?: number
}

type Times = { readonly entries: number[]; readonly events: number[] }

function timesOf(units: readonly UnitFirstEvent[], arm: UnitFirstEvent['arm']): Times {
  const entries: number[] = []
  const events: number[] = []
  for (const unit of units) {
    if (unit.arm !== arm) continue
    if (!Number.isFinite(unit.enteredAt)) throw new RangeError(`enteredAt must be a time in ms, got ${unit.enteredAt}`)
    entries.push(unit.enteredAt)
    if (unit.eventAt === undefined) continue
    if (!(unit.eventAt >= unit.enteredAt && unit.eventAt < Infinity)) {
      throw new RangeError(`eventAt ${unit.eventAt} must not lie before enteredAt ${unit.enteredAt}`)
    }
    events.push(unit.eventAt)
  }
  const ascending = (a: number, b: number): number => a - b
  return { entries: entries.sort(ascending), events: events.sort(ascending) }
}

/** Answers "how many of these sorted times are at or before t" for times t that only grow. */
function counterOf(times: readonly number[]): (until: number) => number {
  let count = 0
  return until => {
    for (let next = times[count]; next !== undefined && next <= until; next = times[count]) count++
    return count
  }
}

function requireGrowing(looks: readonly number[]): void {
  looks.forEach((look, index) => {
    const previous = looks[index - 1] ?? -Infinity
    if (!(look > previous && look < Infinity)) throw new RangeError('looks must be finite times that grow')
  })
}

/**
 * Ticks of the log-rank test out of per-unit facts, one per look. Pure; O(units log units + looks).
 *
 * The tick of look t_i covers the time after t_(i-1) up to and including t_i (the first one: everything up to t_0).
 * - `dT`, `dC`: units whose `eventAt` lies in the tick.
 * - `atRiskT`, `atRiskC`: units with `enteredAt <= t_i` (entered by the tick's end) and no event at or before t_(i-1).
 *
 * So a unit that enters and fails within one tick is at risk in it, and always dT <= atRiskT and dC <= atRiskC.
 * Facts after the last look are not counted yet; more looks only append ticks, so the evidence path is the same on
 * replay.
 * Throws a RangeError for looks that don't grow, and for an event before its unit's entry.
 */
export function logRankTicks(units: readonly UnitFirstEvent[], looks: readonly number[]): LogRankTick[] {
  requireGrowing(looks)
  const treated = timesOf(units, 'treated')
  const control = timesOf(units, 'control')
  const entered = [counterOf(treated.entries), counterOf(control.entries)] as const
  const failed = [counterOf(treated.events), counterOf(control.events)] as const
  let failedT = 0
  let failedC = 0
  return looks.map(look => {
    const nowT = failed[0](look)
    const nowC = failed[1](look)
    const tick: LogRankTick = {
      dT: nowT - failedT,
      dC: nowC - failedC,
      atRiskT: entered[0](look) - failedT,
      atRiskC: entered[1](look) - failedC,
    }
    failedT = nowT
    failedC = nowC
    return tick
  })
}
