import {
  addToTable,
  historyWeight,
  logRankRatioSlice,
  logRankTicks,
  minuteDesignEffect,
  minuteRecurrence,
  type RatioSlice,
  type RatioTable,
  restartTable,
  type UnitStageMinutes,
} from '@dimmer/stats'
import type { StageFacts, UnitFact } from '../facts.ts'
import { totals } from '../unit-totals.ts'
import {
  beginEvidence,
  type ErrorCounts,
  type ErrorEvidence,
  enterStage,
  foldMinute,
  type MinuteSpread,
  startsDue,
} from './error-evidence.ts'
import type { MinuteFact } from './minute-fact.ts'

type EventTime = (unit: UnitFact) => number | undefined

const MOST_EXACT_TICKS = 1000
const FIRST_TICKS_MS = 100_000
const TICK_GROWTH = Math.log(1.01)

/** End of the tick that `at` falls into, when ticks begin with a second and grow by 1 %: some 700 for a day. */
function tickEnd(startedAt: number, at: number): number {
  const elapsed = Math.max(0, at - startedAt)
  const tick = Math.floor(Math.log1p(elapsed / FIRST_TICKS_MS) / TICK_GROWTH) + 1
  return Math.max(at, startedAt + Math.ceil(FIRST_TICKS_MS * Math.expm1(tick * TICK_GROWTH)))
}

/** Each event time is a tick of its own, which is exact; a stage with very many first events gets coarser ticks, so that a look stays cheap. */
function ticksOf(times: readonly number[], startedAt: number, until: number): number[] {
  const exact = [...new Set(times)].sort((a, b) => a - b)
  if (exact.length <= MOST_EXACT_TICKS) return exact
  return [...new Set(exact.map(at => Math.min(until, tickEnd(startedAt, at))))]
}

interface TimedSlice {
  readonly at: number
  readonly slice: RatioSlice
}

function firstEventSlices(stage: StageFacts, until: number, eventTime: EventTime): TimedSlice[] {
  const times: number[] = []
  const units = stage.units.map(unit => {
    const { arm, enteredAt } = unit
    const eventAt = eventTime(unit)
    if (eventAt === undefined || eventAt > until) return { arm, enteredAt }
    times.push(eventAt)
    return { arm, enteredAt, eventAt }
  })
  const ticks = ticksOf(times, stage.startedAt, until)
  return logRankTicks(units, ticks).map((tick, index) => ({
    at: ticks[index] ?? until,
    slice: logRankRatioSlice(tick),
  }))
}

/** The slices in their order, with a fresh start wherever one is due. */
function addTimed(table: RatioTable, slices: readonly TimedSlice[], startedAt: number): RatioTable {
  let starts = 0
  return slices.reduce((sum, { at, slice }) => {
    const due = startsDue(at - startedAt)
    const base = due > starts ? restartTable(sum) : sum
    starts = due
    return addToTable(base, slice)
  }, table)
}

/** The minutes in their order, with a fresh start wherever one is due. */
function addMinutes(
  evidence: ErrorEvidence,
  facts: readonly MinuteFact[],
  startedAt: number,
): Pick<ErrorEvidence, 'minutes' | 'minute'> {
  let starts = 0
  return facts.reduce<Pick<ErrorEvidence, 'minutes' | 'minute'>>(
    ({ minutes, minute }, fact) => {
      const due = startsDue(fact.at - startedAt)
      const base = due > starts ? restartTable(minutes) : minutes
      starts = due
      return foldMinute({ minutes: base, minute }, fact)
    },
    { minutes: evidence.minutes, minute: evidence.minute },
  )
}

/** Both counts of a first event: hit until `until`, whatever comes later is not known yet. */
function hitBy(stage: StageFacts, until: number, eventTime: EventTime): ErrorCounts['failed'] {
  return totals([stage], unit => ((eventTime(unit) ?? Infinity) <= until ? 1 : 0))
}

const firstFailure: EventTime = unit => unit.firstFailureAt
const failureRun: EventTime = unit => unit.failureRunAt

function countsAt(stage: StageFacts, until: number): ErrorCounts {
  return {
    entered: totals([stage], () => 1),
    active: totals([stage], unit => (unit.events > 0 ? 1 : 0)),
    failed: hitBy(stage, until, firstFailure),
    ran: hitBy(stage, until, failureRun),
    events: totals([stage], unit => unit.events),
    failures: totals([stage], unit => unit.failures),
  }
}

function addStage(evidence: ErrorEvidence, stage: StageFacts, until: number): ErrorEvidence {
  const { startedAt, minutes = [] } = stage
  const counted = { ...evidence, at: until, now: countsAt(stage, until) }
  if (stage.share >= 1) return counted
  return {
    ...counted,
    first: addTimed(evidence.first, firstEventSlices(stage, until, firstFailure), startedAt),
    runs: addTimed(evidence.runs, firstEventSlices(stage, until, failureRun), startedAt),
    ...addMinutes(
      evidence,
      minutes.filter(({ at }) => at < until),
      startedAt,
    ),
  }
}

/** How failed unit-minutes are spread, from the units that were never exposed. `historyRate` as in `EventFacts`. Undefined while too little is known. */
export function errorMinutesSpread(stages: readonly StageFacts[], historyRate?: number): MinuteSpread | undefined {
  const compared = stages.filter(({ share }) => share < 1)
  const never = new Set<string>()
  for (const unit of compared.at(-1)?.units ?? []) {
    if (unit.arm === 'control' && unit.unitId !== undefined) never.add(unit.unitId)
  }
  const minutes = new Map<string, UnitStageMinutes[]>()
  const plain: UnitStageMinutes[] = []
  compared.forEach(({ units }, index) => {
    for (const unit of units) {
      if (unit.unitId === undefined || unit.minutes === undefined || !never.has(unit.unitId)) continue
      const row = minutes.get(unit.unitId) ?? compared.map(() => ({ failed: 0, active: 0 }))
      row[index] = {
        failed: unit.minutes.failed,
        active: unit.minutes.active * historyWeight(unit.before, historyRate ?? 0),
      }
      minutes.set(unit.unitId, row)
      plain.push(unit.minutes)
    }
  })
  const seen = compared.at(-1)?.seen
  const units = Math.max(minutes.size, seen ? seen.treated + seen.control : 0)
  const phi = minuteDesignEffect({ units, stages: compared, control: [...minutes.values()] })
  return phi === undefined ? undefined : { phi, recurrence: minuteRecurrence(plain) ?? 0 }
}

/**
 * The evidence of all stages up to `now`, out of facts per unit. A stage's events count until the next stage begins: from
 * then on its units are no longer what its comparison group is compared with. Throws a RangeError for an event before its
 * unit's entry.
 */
export function evidenceOfFacts(
  stages: readonly StageFacts[],
  now: number,
  historyRate?: number,
): ErrorEvidence | undefined {
  let evidence: ErrorEvidence | undefined
  stages.forEach((stage, index) => {
    const begun: ErrorEvidence = evidence ? enterStage(evidence, stage) : beginEvidence(stage)
    evidence = addStage(begun, stage, Math.min(now, stages[index + 1]?.startedAt ?? now))
  })
  if (!evidence || stages.every(({ minutes }) => minutes === undefined)) return evidence
  return { ...evidence, ...errorMinutesSpread(stages, historyRate) }
}
