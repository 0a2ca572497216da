/** For tests: what the facts must come to, computed at once from everything that was sent, in plain words. */
import type { FirstExposure, Track } from '@dimmer/protocol'
import type { EventSum } from '@dimmer/rollout'
import type { FactSubject, StageWindow } from '../src/features/metrics/facts/fact-subject.ts'
import type { UnitNumbers } from '../src/features/metrics/facts/unit-numbers.ts'

export interface Everything {
  readonly exposures: readonly FirstExposure[]
  readonly tracks: readonly Track[]
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

/** What {@link UnitNumbers} must be, in the same order. */
export function countAllRows(subject: FactSubject, { exposures, tracks }: Everything): UnitNumbers[] {
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
      return [{ begun, unitId, ...standing, ...numbersOf(none ? [] : counted, subject) }]
    }),
  )
  return all.sort((a, b) => a.begun - b.begun || a.enteredAt - b.enteredAt || (a.unitId < b.unitId ? -1 : 1))
}
