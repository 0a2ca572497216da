/** The numbers of units in the shapes that the judge reads. Pure. */
import {
  type CountFact,
  type GuardrailFacts,
  type MetricDefinition,
  type MinuteFact,
  type OutcomeFact,
  parseDuration,
  type StageBase,
  type StageFacts,
  shapeOf,
  type UnitFact,
} from '@dimmer/rollout'
import { LogHistogram, type LogHistogramData } from '@dimmer/stats'
import type { DurationNumbers } from './durations.ts'
import type { StageWindow } from './fact-subject.ts'
import type { SeriesHistory } from './history.ts'
import type { MinuteNumbers } from './minutes.ts'
import type { UnitNumbers } from './unit-numbers.ts'

const baseOf = ({ stage, share, startedAt }: StageWindow, units: readonly UnitNumbers[]): StageBase => {
  const count = (role: UnitNumbers['role']) => units.reduce((sum, unit) => (unit.role === role ? sum + 1 : sum), 0)
  return {
    stage,
    share,
    startedAt,
    seen: { treated: count('treated') + count('before'), control: count('control') },
    crossed: count('crossed'),
  }
}

/** The two roles that are compared. */
type Compared = UnitNumbers & { readonly role: 'treated' | 'control' }
const isCompared = (unit: UnitNumbers): unit is Compared => unit.role === 'treated' || unit.role === 'control'

const unitFact = (unit: Compared): UnitFact => ({
  arm: unit.role,
  unitId: unit.unitId,
  enteredAt: unit.enteredAt,
  events: unit.events,
  failures: unit.failures,
  slow: unit.slow,
  ...(unit.firstFailureAt === null ? {} : { firstFailureAt: unit.firstFailureAt }),
  ...(unit.failureRunAt === null ? {} : { failureRunAt: unit.failureRunAt }),
})

/** With its minutes, and where the series looked back, those of the time before. */
const withMinutes = (unit: Compared, { rate }: SeriesHistory): UnitFact => ({
  ...unitFact(unit),
  minutes: { active: unit.activeMinutes, failed: unit.failedMinutes },
  ...(rate === undefined ? {} : { before: { active: unit.before.active, failed: unit.before.failed } }),
})

const minuteFact =
  ({ startedAt }: StageWindow) =>
  ({ begun: _, at, ...counts }: MinuteNumbers): MinuteFact => ({ at: Math.max(at, startedAt), ...counts })

function histogramOf(durations: readonly DurationNumbers[]): LogHistogramData {
  return LogHistogram.ofBuckets(durations.map(({ bucket, count }) => ({ index: bucket, count }))).toJSON()
}

function stageDurations(durations: readonly DurationNumbers[], begun: number): Required<StageFacts>['durations'] {
  const own = durations.filter(one => one.begun === begun)
  return {
    treated: histogramOf(own.filter(({ treated }) => treated)),
    control: histogramOf(own.filter(({ treated }) => !treated)),
  }
}

const countFact = (unit: Compared): CountFact => ({
  arm: unit.role,
  enteredAt: unit.enteredAt,
  count: unit.events,
  ...(unit.firstAt === null ? {} : { firstAt: unit.firstAt }),
})

const ms = (duration: string): number => parseDuration(duration) ?? 0

interface Outcome {
  readonly maturesAt: number
  readonly value: number
  readonly per?: number
}

function wholeOutcome(metric: MetricDefinition, unit: UnitNumbers): Outcome | undefined {
  const { enteredAt, events, total, firstAt, secondAt } = unit
  const reached = events > 0 ? 1 : 0
  switch (metric.kind) {
    case 'adoption':
    case 'activation':
    case 'conversion':
      return { maturesAt: enteredAt + ms(metric.within), value: reached }
    case 'retention':
      return { maturesAt: enteredAt + ms(metric.after) + ms(metric.within), value: reached }
    case 'reversal': {
      if (firstAt === null) return undefined
      const cameBack = secondAt !== null && secondAt - firstAt <= ms(metric.within)
      return { maturesAt: firstAt + ms(metric.within), value: cameBack ? 0 : 1 }
    }
    case 'sentiment':
      return events === 0 ? undefined : { maturesAt: enteredAt + ms(metric.within), value: total / events }
    case 'revenue':
    case 'mean': {
      const value = Math.min(total, metric.cap ?? Number.MAX_VALUE)
      return { maturesAt: enteredAt + ms(metric.within), value }
    }
    case 'ratio':
      return { maturesAt: enteredAt + ms(metric.within), value: total, per: unit.per }
    default:
      return undefined
  }
}

/**
 * What became of a unit; undefined: it has no say in this metric. A unit that was taken over before its window had
 * elapsed says nothing about the whole window.
 */
export function outcomeOf(metric: MetricDefinition, unit: UnitNumbers): Outcome | undefined {
  const outcome = wholeOutcome(metric, unit)
  return outcome === undefined || unit.leftAt < outcome.maturesAt ? undefined : outcome
}

/** The same measure in the time before. */
function outcomeBefore(metric: MetricDefinition, { before }: Compared): Pick<OutcomeFact, 'before' | 'perBefore'> {
  if (metric.kind === 'ratio') return { before: before.total, perBefore: before.per }
  return { before: before.total }
}

function outcomeFacts({ metric, history }: FactsOfMetric, unit: Compared): OutcomeFact[] {
  const outcome = outcomeOf(metric, unit)
  if (outcome === undefined) return []
  const { unitId, role: arm, enteredAt } = unit
  return [{ unitId, arm, enteredAt, ...outcome, ...(history.sums && outcomeBefore(metric, unit)) }]
}

export interface FactsOfMetric {
  readonly guardrailId: string
  readonly metric: MetricDefinition
  readonly stages: readonly StageWindow[]
  readonly numbers: readonly UnitNumbers[]
  /** Error rates against the comparison group. */
  readonly minutes?: readonly MinuteNumbers[] | undefined
  /** Latencies against the comparison group. */
  readonly durations?: readonly DurationNumbers[] | undefined
  readonly history: SeriesHistory
  /** Epoch ms; undefined: never. */
  readonly lastEventAt: number | undefined
}

interface StageNumbers {
  readonly window: StageWindow
  readonly begun: number
  readonly base: StageBase
  readonly units: readonly Compared[]
}

function eventStage({ minutes, durations, history }: FactsOfMetric, stage: StageNumbers): StageFacts {
  const { window, begun, base, units } = stage
  return {
    ...base,
    units: minutes ? units.map(unit => withMinutes(unit, history)) : units.map(unitFact),
    ...(minutes && { minutes: minutes.filter(one => one.begun === begun).map(minuteFact(window)) }),
    ...(durations && { durations: stageDurations(durations, begun) }),
  }
}

/** The facts of a metric on events, in the shape of its kind. */
export function shapeFacts(given: FactsOfMetric): GuardrailFacts {
  const { guardrailId, metric, stages, numbers, lastEventAt, history } = given
  const perStage = stages.map((window, begun): StageNumbers => {
    const units = numbers.filter(unit => unit.begun === begun)
    return { window, begun, base: baseOf(window, units), units: units.filter(isCompared) }
  })
  switch (shapeOf(metric)) {
    case 'outcomes': {
      const withUnits = perStage.map(({ base, units }) => ({
        ...base,
        units: units.flatMap(unit => outcomeFacts(given, unit)),
      }))
      return {
        shape: 'outcomes',
        guardrailId,
        lastEventAt,
        stages: withUnits,
        ...(history.sums && { history: history.sums }),
      }
    }
    case 'counts':
      return {
        shape: 'counts',
        guardrailId,
        lastEventAt,
        stages: perStage.map(({ base, units }) => ({ ...base, units: units.map(countFact) })),
      }
    case 'samples':
      return { shape: 'samples', guardrailId, lastEventAt, stages: perStage.map(({ base }) => base), samples: [] }
    default:
      return {
        guardrailId,
        lastEventAt,
        stages: perStage.map(stage => eventStage(given, stage)),
        ...(history.rate !== undefined && { historyRate: history.rate }),
      }
  }
}
