import { addToTable, type RatioSlice, type RatioTable, restartTable, startTable } from '@dimmer/stats'
import type { MinuteFact } from '../facts.ts'
import type { PerGroup } from '../verdict.ts'

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
 * `phi`; the same folds give the same evidence, bit for bit, also with a restart in between.
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
  /** End of the last minute folded. */
  readonly minutesUntil: number
  /** Design effect of failed unit-minutes; absent: not known yet, and the minutes prove nothing. */
  readonly phi?: number
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
  /** Complete minutes of the stage; those already folded are skipped. */
  readonly minutes?: readonly MinuteFact[]
  /** The design effect of the last complete minute (`errorMinutesDesignEffect`). Absent: keeps the last one. */
  readonly phi?: number
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
    minutesUntil: startedAt,
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
    minutesUntil: startedAt,
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

/** A minute as a slice; the weighted active units are its exposure. */
export function minuteSlice({ failedTreated, failedControl, activeTreated, activeControl }: MinuteFact): RatioSlice {
  return { kT: failedTreated, kC: failedControl, exposureT: activeTreated, exposureC: activeControl }
}

/** Minutes that are over and not folded yet. */
function newMinutes(evidence: ErrorEvidence, { at, minutes = [] }: ErrorLook): MinuteFact[] {
  return minutes.filter(minute => minute.at >= evidence.minutesUntil && minute.at + MINUTE <= at)
}

/**
 * The evidence after one more look at the present stage. Counts are as known at the look: what arrives late counts when it
 * arrives, which is as valid. A look from before the last one changes nothing.
 */
export function foldErrors(evidence: ErrorEvidence, look: ErrorLook): ErrorEvidence {
  const { at, counts, phi = evidence.phi } = look
  if (at < evidence.at) return evidence
  const due = startsDue(at - evidence.startedAt) > startsDue(evidence.at - evidence.startedAt)
  const base = due && evidence.share < 1 ? restarted(evidence) : evidence
  const folded = { ...base, at, now: counts, ...(phi !== undefined && { phi }) }
  if (evidence.share >= 1) return folded
  const fresh = newMinutes(evidence, look)
  return {
    ...folded,
    first: addToTable(base.first, newly(counts.entered, evidence.now.failed, counts.failed)),
    runs: addToTable(base.runs, newly(counts.entered, evidence.now.ran, counts.ran)),
    minutes: fresh.map(minuteSlice).reduce(addToTable, base.minutes),
    minutesUntil: fresh.reduce((until, minute) => Math.max(until, minute.at + MINUTE), base.minutesUntil),
  }
}
