import { addToTable, type RatioSlice, type RatioTable, restartTable, startTable } from '@dimmer/stats'
import type { PerGroup } from '../verdict.ts'
import type { MinuteFact } from './minute-fact.ts'

/** Cumulative counts of one stage's units (see `StageFacts`), per group. */
export interface ErrorCounts {
  /** Units at risk: entered since the stage began. */
  readonly entered: PerGroup
  /** Of them sent at least one event. */
  readonly active: PerGroup
  /** Of them had a first failure, and a first run of three failures in a row. */
  readonly failed: PerGroup
  readonly ran: PerGroup
  /** All their events, and the failed ones. */
  readonly events: PerGroup
  readonly failures: PerGroup
}

/**
 * What is known for one error-rate guardrail: all that its judge needs. Plain JSON below 3 kB, in whole numbers but for
 * `phi` and `recurrence`; the same folds give the same evidence, bit for bit, also with a restart in between.
 */
export interface ErrorEvidence {
  readonly v: 1
  readonly stage: number
  readonly share: number
  readonly startedAt: number
  /** Time of the last fold. */
  readonly at: number
  /** Counts of the present stage, and the sums of the earlier ones that had a comparison group. */
  readonly now: ErrorCounts
  readonly before: ErrorCounts
  /** Stages so far that had a comparison group. */
  readonly compared: number
  /** First failures, first runs of three, failed unit-minutes. */
  readonly first: RatioTable
  readonly runs: RatioTable
  readonly minutes: RatioTable
  /** The last minute folded, and how much of it: it may still be running. */
  readonly minute: { readonly at: number; readonly treated: number; readonly control: number }
  /** Design effect of failed unit-minutes; absent: not known yet, and the minutes prove nothing. */
  readonly phi?: number
  /** See `MinuteSpread`; absent: 0. */
  readonly recurrence?: number
}

/** How failed unit-minutes are spread over the units that were never exposed. */
export interface MinuteSpread {
  /** `minuteDesignEffect` of @dimmer/stats. */
  readonly phi: number
  /** `minuteRecurrence` of @dimmer/stats: what turns a ratio of failed minutes into one of failures. */
  readonly recurrence: number
}

/** A stage as a look finds it. */
export interface StageAt {
  readonly stage: number
  /** 0 to 1 */
  readonly share: number
  readonly startedAt: number
}

/** What one look adds. */
export interface ErrorLook {
  readonly at: number
  readonly counts: ErrorCounts
  /** Minutes of the stage as they stand, the running one included; what is folded already is not folded again. */
  readonly minutes?: readonly MinuteFact[]
  /** As of the last complete minute (`errorMinutesSpread`). Absent: keeps the last one. */
  readonly spread?: MinuteSpread
}

const NONE: PerGroup = { treated: 0, control: 0 }
const NO_COUNTS: ErrorCounts = { entered: NONE, active: NONE, failed: NONE, ran: NONE, events: NONE, failures: NONE }

const plus = (a: PerGroup, b: PerGroup): PerGroup => ({
  treated: a.treated + b.treated,
  control: a.control + b.control,
})

/** Both together. */
export function addCounts(a: ErrorCounts, b: ErrorCounts): ErrorCounts {
  return {
    entered: plus(a.entered, b.entered),
    active: plus(a.active, b.active),
    failed: plus(a.failed, b.failed),
    ran: plus(a.ran, b.ran),
    events: plus(a.events, b.events),
    failures: plus(a.failures, b.failures),
  }
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const EARLY = [5, 10, 15, 20].map(minutes => minutes * MINUTE)

/** Fresh starts due within a stage: after 5, 10, 15, 20, 30, 40, 60, 80, 120 ... minutes. Depends on the clock alone. */
export function startsDue(elapsed: number): number {
  let due = EARLY.filter(start => start <= elapsed).length
  for (let step = HOUR / 2; step <= elapsed; step *= 2) due += elapsed >= (step * 4) / 3 ? 2 : 1
  return due
}

/** No evidence, at the beginning of a stage. */
export function beginEvidence({ stage, share, startedAt }: StageAt): ErrorEvidence {
  return {
    v: 1,
    stage,
    share,
    startedAt,
    at: startedAt,
    now: NO_COUNTS,
    before: NO_COUNTS,
    compared: share < 1 ? 1 : 0,
    first: startTable(),
    runs: startTable(),
    minutes: startTable(),
    minute: { at: startedAt, treated: 0, control: 0 },
  }
}

const restarted = (evidence: ErrorEvidence): ErrorEvidence => ({
  ...evidence,
  first: restartTable(evidence.first),
  runs: restartTable(evidence.runs),
  minutes: restartTable(evidence.minutes),
})

/** The next stage begins: its units are counted afresh, and so is a new start of the evidence. */
export function enterStage(evidence: ErrorEvidence, { stage, share, startedAt }: StageAt): ErrorEvidence {
  const { now, before, compared } = evidence
  return {
    ...(share < 1 ? restarted(evidence) : evidence),
    stage,
    share,
    startedAt,
    at: startedAt,
    now: NO_COUNTS,
    before: evidence.share < 1 ? addCounts(before, now) : before,
    compared: compared + (share < 1 ? 1 : 0),
    minute: { at: startedAt, treated: 0, control: 0 },
  }
}

/** Units that had their first event since the last fold, out of those that were at risk. Counts that fall (units found on both sides) prove nothing. */
function newly(entered: PerGroup, was: PerGroup, is: PerGroup): RatioSlice {
  const kT = Math.max(0, is.treated - was.treated)
  const kC = Math.max(0, is.control - was.control)
  return {
    kT,
    kC,
    exposureT: Math.max(kT, entered.treated - was.treated),
    exposureC: Math.max(kC, entered.control - was.control),
  }
}

type Minutes = Pick<ErrorEvidence, 'minutes' | 'minute'>

/** What is new in a minute, out of the units active in it so far. A minute before the last one folded is too late. */
export function foldMinute({ minutes, minute }: Minutes, fact: MinuteFact): Minutes {
  if (fact.at < minute.at) return { minutes, minute }
  const known = fact.at === minute.at ? minute : { treated: 0, control: 0 }
  const { failedTreated, failedControl, activeTreated, activeControl } = fact
  const slice: RatioSlice = {
    kT: Math.max(0, failedTreated - known.treated),
    kC: Math.max(0, failedControl - known.control),
    exposureT: activeTreated,
    exposureC: activeControl,
  }
  return {
    minutes: addToTable(minutes, slice),
    minute: {
      at: fact.at,
      treated: Math.max(known.treated, failedTreated),
      control: Math.max(known.control, failedControl),
    },
  }
}

/**
 * The evidence after one more look at the present stage. Counts are as known at the look: what arrives late counts when it
 * arrives, which is as valid. A look from before the last one changes nothing.
 */
export function foldErrors(evidence: ErrorEvidence, look: ErrorLook): ErrorEvidence {
  const { at, counts, spread } = look
  if (at < evidence.at) return evidence
  const due = startsDue(at - evidence.startedAt) > startsDue(evidence.at - evidence.startedAt)
  const base = due && evidence.share < 1 ? restarted(evidence) : evidence
  const folded = { ...base, at, now: counts, ...spread }
  if (evidence.share >= 1) return folded
  const { minutes = [] } = look
  return {
    ...folded,
    first: addToTable(base.first, newly(counts.entered, evidence.now.failed, counts.failed)),
    runs: addToTable(base.runs, newly(counts.entered, evidence.now.ran, counts.ran)),
    ...minutes.reduce<Minutes>(foldMinute, { minutes: base.minutes, minute: base.minute }),
  }
}
