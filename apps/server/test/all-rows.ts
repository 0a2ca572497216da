/** For tests: what the facts must come to, computed at once from everything that was sent, in plain words. */
import type { FirstExposure, Track } from '@dimmer/protocol'
import type { EventSum } from '@dimmer/rollout'
import { bucketIndex, historyWeight } from '@dimmer/stats'
import type { DurationNumbers } from '../src/features/metrics/facts/durations.ts'
import type { FactSubject, StageWindow } from '../src/features/metrics/facts/fact-subject.ts'
import type { MinuteNumbers } from '../src/features/metrics/facts/minutes.ts'
import type { UnitBefore, UnitNumbers } from '../src/features/metrics/facts/unit-numbers.ts'

export interface Everything {
  readonly exposures: readonly FirstExposure[]
  readonly tracks: readonly Track[]
  /** What had arrived when the facts were first counted. */
  readonly early: readonly Track[]
}

/** Everything that is known of a metric. */
export interface AllFacts {
  readonly units: UnitNumbers[]
  readonly minutes: MinuteNumbers[]
  readonly durations: DurationNumbers[]
}

interface Seen {
  readonly side: 'treated' | 'control'
  readonly version: number
  readonly at: number
  readonly variant: string
}

const earliestOf = (seen: readonly { readonly at: number }[]): number => Math.min(...seen.map(({ at }) => at))

const isInside = ({ version }: Seen, stage: StageWindow): boolean =>
  version >= stage.fromVersion && (stage.untilVersion === null || version < stage.untilVersion)

type Told = Pick<FirstExposure, 'rule' | 'heldOutBy'>

/** On which sides of this rule an exposure puts a unit, or whether others served it. */
function placesOf({ ruleId, compare }: FactSubject['treatment'], { rule, heldOutBy }: Told) {
  const served = compare === 'variants' ? (rule ?? '') === ruleId : rule === ruleId
  const heldOut = compare !== 'variants' && heldOutBy === ruleId
  return { served, heldOut, byOthers: !served && (rule !== null || heldOutBy === null) }
}

/** How this rule and others have served a unit, one entry per exposure. */
function historyOf(unitId: string, { treatment }: FactSubject, exposures: readonly FirstExposure[]) {
  const own: Seen[] = []
  const others: Seen[] = []
  for (const { flag, unit, flagVersion: version, variant, at, ...exposure } of exposures) {
    const tooLate = treatment.untilVersion !== null && version >= treatment.untilVersion
    const elsewhere = flag !== treatment.flagKey || unit !== treatment.unit || exposure.unitId !== unitId
    if (elsewhere || tooLate || version < treatment.fromVersion) continue
    const { served, heldOut, byOthers } = placesOf(treatment, exposure)
    if (heldOut) own.push({ side: 'control', version, at, variant })
    if (served) own.push({ side: 'treated', version, at, variant })
    if (byOthers) others.push({ side: 'treated', version, at, variant })
  }
  return { own, others }
}

function standingIn(stage: StageWindow, { own, others }: ReturnType<typeof historyOf>) {
  const inside = own.filter(seen => isInside(seen, stage))
  if (inside.length === 0) return undefined
  const treated = inside.filter(({ side }) => side === 'treated')
  const control = inside.filter(({ side }) => side === 'control')
  const before = own.some(({ side, version }) => side === 'treated' && version < stage.fromVersion)
  const variants = new Set(treated.map(({ variant }) => variant))
  const latest = Math.max(...own.map(({ version }) => version))
  const taken = others.filter(({ version }) => version > latest)
  const later = own.filter(
    ({ side, version }) => side === 'treated' && stage.untilVersion !== null && version >= stage.untilVersion,
  )
  const crossed = (control.length > 0 && (treated.length > 0 || before)) || variants.size > 1
  const role: UnitNumbers['role'] = crossed
    ? 'crossed'
    : treated.length === 0
      ? 'control'
      : before
        ? 'before'
        : 'treated'
  return {
    role,
    enteredAt: earliestOf(treated.length > 0 ? treated : control),
    leftAt: Math.min(earliestOf(taken), treated.length === 0 ? earliestOf(later) : Number.POSITIVE_INFINITY),
    variant: inside.map(({ variant }) => variant).sort()[0] ?? '',
  }
}

const amount = (track: Track, { field }: EventSum): number =>
  field === 'count' ? 1 : field === 'value' ? (track.value ?? 0) : (track.ms ?? 0)

function runEnd(tracks: readonly Track[]): number | null {
  const inOrder = [...tracks].sort((a, b) => a.at - b.at || Number(a.ok ?? true) - Number(b.ok ?? true))
  const end = inOrder.findIndex(
    (_, index) => index >= 2 && inOrder.slice(index - 2, index + 1).every(({ ok }) => ok === false),
  )
  return inOrder[end]?.at ?? null
}

function numbersOf(tracks: readonly Track[], { measure }: FactSubject) {
  const of = tracks.filter(({ name }) => name === measure.of.event)
  const per = measure.per === undefined ? [] : tracks.filter(({ name }) => name === measure.per?.event)
  const times = of.map(({ at }) => at).sort((a, b) => a - b)
  const failures = of.filter(({ ok }) => ok === false)
  const { per: divisor } = measure
  return {
    events: of.length,
    failures: failures.length,
    slow: of.filter(({ ms = 0 }) => ms > measure.slowMs).length,
    total: of.reduce((sum, track) => sum + amount(track, measure.of), 0),
    per: divisor === undefined ? 0 : per.reduce((sum, track) => sum + amount(track, divisor), 0),
    firstAt: times[0] ?? null,
    secondAt: times[1] ?? null,
    firstFailureAt: failures.length === 0 ? null : earliestOf(failures),
    failureRunAt: measure.runs ? runEnd(of) : null,
  }
}

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const minuteOf = ({ at }: Track): number => Math.floor(at / MINUTE) * MINUTE

function minutesOf(tracks: readonly Track[]) {
  const failed = tracks.filter(({ ok }) => ok === false)
  return { active: new Set(tracks.map(minuteOf)), failed: new Set(failed.map(minuteOf)) }
}

const NOTHING_BEFORE: UnitBefore = { active: 0, failed: 0, total: 0, per: 0 }

/** How a unit was before the first stage, of what had arrived by then. */
function beforeOf(unitId: string, { stages, measure, treatment }: FactSubject, early: readonly Track[]): UnitBefore {
  const startedAt = stages[0]?.startedAt ?? 0
  const from = startedAt - (measure.minutes ? DAY : (measure.withinMs ?? DAY))
  const own = early.filter(({ at, units }) => units[treatment.unit] === unitId && at >= from && at < startedAt)
  const of = own.filter(({ name }) => name === measure.of.event)
  if (measure.minutes) {
    const { active, failed } = minutesOf(of)
    return { ...NOTHING_BEFORE, active: active.size, failed: failed.size }
  }
  // Without any event of the metric's own there is nothing to look back at.
  const known = early.some(({ name, units }) => name === measure.of.event && units[treatment.unit] !== undefined)
  if (!measure.sumsBefore || !known) return NOTHING_BEFORE
  const { total, per } = numbersOf(own, { measure, treatment, stages, off: [], owner: '', metricId: '' })
  return { ...NOTHING_BEFORE, total, per }
}

interface Counted extends UnitNumbers {
  /** Events that count for it. */
  readonly counted: readonly Track[]
  /** Those that count for the minutes of its group. */
  readonly inGroup: readonly Track[]
}

const isFailed =
  (minute: number) =>
  ({ inGroup }: Counted): boolean =>
    inGroup.some(track => track.ok === false && minuteOf(track) === minute)

function allMinutes(subject: FactSubject, rows: readonly Counted[], early: readonly Track[]): MinuteNumbers[] {
  if (!subject.measure.minutes) return []
  const ids = new Set(early.map(({ units }) => units[subject.treatment.unit] ?? ''))
  const before = new Map([...ids].map(id => [id, beforeOf(id, subject, early)]))
  const sum = (of: 'active' | 'failed') => [...before.values()].reduce((all, unit) => all + unit[of], 0)
  const rate = sum('failed') / sum('active')
  const weight = ({ unitId }: Counted) => Math.round(1_000 * historyWeight(before.get(unitId), rate)) / 1_000
  return subject.stages.flatMap((_, begun) => {
    const here = rows.filter(row => row.begun === begun)
    const minutes = new Set(here.flatMap(({ inGroup }) => inGroup.map(minuteOf)))
    return [...minutes].sort().map(at => {
      const active = here.filter(({ inGroup }) => inGroup.some(track => minuteOf(track) === at))
      const [treated, control] = [active.filter(({ role }) => role !== 'control'), active.filter(isControl)]
      const weights = (units: readonly Counted[]) => units.reduce((all, unit) => all + weight(unit), 0)
      return {
        begun,
        at,
        failedTreated: treated.filter(isFailed(at)).length,
        failedControl: control.filter(isFailed(at)).length,
        activeTreated: weights(treated),
        activeControl: weights(control),
      }
    })
  })
}

const isControl = ({ role }: Counted): boolean => role === 'control'

function allDurations({ stages, measure }: FactSubject, rows: readonly Counted[]): DurationNumbers[] {
  if (!measure.durations) return []
  return stages.flatMap((_, begun) =>
    [false, true].flatMap(treated => {
      const here = rows.filter(row => row.begun === begun && isControl(row) === !treated)
      const buckets = here.flatMap(({ counted }) =>
        counted.flatMap(({ name, ms }) => (name !== measure.of.event || ms === undefined ? [] : [bucketIndex(ms)])),
      )
      return [...new Set(buckets)]
        .sort((a, b) => a - b)
        .map(bucket => ({ begun, treated, bucket, count: buckets.filter(one => one === bucket).length }))
    }),
  )
}

/** What the facts must be, in the same order. */
export function countAllRows(subject: FactSubject, { exposures, tracks, early }: Everything): AllFacts {
  const { stages, measure, off, treatment } = subject
  const ids = [...new Set(exposures.map(({ unitId }) => unitId))]
  const all = stages.flatMap((stage, begun) =>
    ids.flatMap(unitId => {
      const standing = standingIn(stage, historyOf(unitId, subject, exposures))
      if (standing === undefined) return []
      const from = standing.enteredAt + measure.afterMs
      const to = Math.min(
        standing.leftAt,
        measure.withinMs === null ? Number.POSITIVE_INFINITY : from + measure.withinMs,
        (measure.endsWithStage ? stage.endedAt : null) ?? Number.POSITIVE_INFINITY,
      )
      const counted = tracks.filter(
        ({ at, units, ms }) =>
          units[treatment.unit] === unitId &&
          at >= from &&
          at < to &&
          (!measure.timedOnly || ms !== undefined) &&
          !off.some(period => at >= period.from && at < period.to),
      )
      const none = standing.role === 'crossed' || standing.role === 'before'
      const ofKind = counted.filter(({ name }) => name === measure.of.event)
      const inGroup = measure.minutes && standing.role !== 'crossed' ? ofKind : []
      const { active, failed } = minutesOf(inGroup)
      const own = none ? [] : counted
      return [
        {
          begun,
          unitId,
          ...standing,
          ...numbersOf(own, subject),
          activeMinutes: active.size,
          failedMinutes: failed.size,
          before: beforeOf(unitId, subject, early),
          counted: own,
          inGroup,
        },
      ]
    }),
  )
  all.sort((a, b) => a.begun - b.begun || a.enteredAt - b.enteredAt || (a.unitId < b.unitId ? -1 : 1))
  return {
    units: all.map(({ counted: _, inGroup: __, ...unit }) => unit),
    minutes: allMinutes(subject, all, early),
    durations: allDurations(subject, all),
  }
}
