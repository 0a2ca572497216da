/** The numbers of units in the shapes that the judge reads. Pure. */
import {
  type CountFact,
  type GuardrailFacts,
  type MetricDefinition,
  type OutcomeFact,
  parseDuration,
  type StageBase,
  shapeOf,
  type UnitFact,
} from '@dimmer/rollout'
import type { StageWindow } from './fact-subject.ts'
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

function outcomeFacts(metric: MetricDefinition, unit: Compared): OutcomeFact[] {
  const outcome = outcomeOf(metric, unit)
  if (outcome === undefined) return []
  return [{ unitId: unit.unitId, arm: unit.role, enteredAt: unit.enteredAt, ...outcome }]
}

export interface FactsOfMetric {
  readonly guardrailId: string
  readonly metric: MetricDefinition
  readonly stages: readonly StageWindow[]
  readonly numbers: readonly UnitNumbers[]
  /** Epoch ms; undefined: never. */
  readonly lastEventAt: number | undefined
}

/** The facts of a metric on events, in the shape of its kind. */
export function shapeFacts({ guardrailId, metric, stages, numbers, lastEventAt }: FactsOfMetric): GuardrailFacts {
  const perStage = stages.map((window, begun) => {
    const units = numbers.filter(unit => unit.begun === begun)
    return { base: baseOf(window, units), units: units.filter(isCompared) }
  })
  switch (shapeOf(metric)) {
    case 'outcomes': {
      const withUnits = perStage.map(({ base, units }) => ({
        ...base,
        units: units.flatMap(unit => outcomeFacts(metric, unit)),
      }))
      return { shape: 'outcomes', guardrailId, lastEventAt, stages: withUnits }
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
        stages: perStage.map(({ base, units }) => ({ ...base, units: units.map(unitFact) })),
      }
  }
}
