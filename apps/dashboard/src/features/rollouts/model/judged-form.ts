import type { Goal, Limit, MetricDefinition, MetricGuardrail, PolicyAction } from '@dimmer/rollout'
import { SHARES } from './verdict-bounds.ts'

/** A metric of the library as a guardrail; numbers as people type them: shares of units in percent. */
export interface GuardrailForm {
  readonly metric: string
  readonly value: number | undefined
  readonly ratio: number | undefined
  readonly total: number | undefined
  readonly onBreach: PolicyAction
  /** Its part of the risk of a false alarm, relative to the others. */
  readonly weight: number
}

/** A metric of the library as a goal. */
export interface GoalForm {
  readonly metric: string
  readonly target: number | undefined
  readonly otherwise: NonNullable<Goal['otherwise']>
  /** From 0. */
  readonly fromStage: number
}

/** What a limit is called where it is typed, and how it relates to the number that is stored. */
export interface Typed {
  readonly suffix: string
  readonly step: number
  /** Typed is stored times this. */
  readonly scale: number
}

/** How numbers in a metric's own measure are typed. */
export function typedMeasure({ kind }: Pick<MetricDefinition, 'kind'>): Typed {
  if (SHARES.has(kind)) return { suffix: ' %', step: 1, scale: 100 }
  if (kind === 'latency') return { suffix: ' ms', step: 100, scale: 1 }
  return { suffix: '', step: 1, scale: 1 }
}

const stored = (metric: Pick<MetricDefinition, 'kind'>, typed: number): number =>
  Number((typed / typedMeasure(metric).scale).toPrecision(12))

/** A first guess at a limit: never better than nothing, so it is there to be changed. */
export function newGuardrail({ key, kind, worse }: MetricDefinition, limits: readonly string[]): GuardrailForm {
  const byRatio = limits.includes('ratio')
  return {
    metric: key,
    value: byRatio ? undefined : typedMeasure({ kind }).scale === 100 ? 30 : 1,
    ratio: byRatio ? (worse === 'higher' ? 2 : 0.9) : undefined,
    total: undefined,
    onBreach: 'roll-back',
    weight: 1,
  }
}

export const newGoal = ({ key, kind }: MetricDefinition): GoalForm => ({
  metric: key,
  target: typedMeasure({ kind }).scale === 100 ? 30 : undefined,
  otherwise: 'hold',
  fromStage: 0,
})

function limitOf(metric: Pick<MetricDefinition, 'kind'>, { value, ratio, total }: GuardrailForm): Limit {
  return {
    ...(value === undefined ? {} : { value: stored(metric, value) }),
    ...(ratio === undefined ? {} : { ratio }),
    ...(total === undefined ? {} : { total }),
  }
}

type Library = readonly MetricDefinition[]

const definitionOf = (library: Library, key: string) => library.find(one => one.key === key)

/** As the plan has it: by key and the version that the person saw. `taken`: ids that are in use already. */
export function toGuardrail(form: GuardrailForm, library: Library, taken: readonly string[]): MetricGuardrail[] {
  const metric = definitionOf(library, form.metric)
  if (metric === undefined) return []
  const { key, version, name } = metric
  return [
    {
      kind: 'metric',
      id: taken.includes(key) ? `metric-${key}` : key,
      name,
      metric: { key, version },
      limit: limitOf(metric, form),
      ...(form.weight === 1 ? {} : { weight: form.weight }),
      ...(form.onBreach === 'roll-back' ? {} : { policy: { breached: form.onBreach } }),
    },
  ]
}

export function toGoal(form: GoalForm, library: Library): Goal[] {
  const metric = definitionOf(library, form.metric)
  if (metric === undefined) return []
  const { key, version, name } = metric
  return [
    {
      id: `goal-${key}`,
      name,
      metric: { key, version },
      target: form.target === undefined ? 0 : stored(metric, form.target),
      ...(form.otherwise === 'hold' ? {} : { otherwise: form.otherwise }),
      ...(form.fromStage === 0 ? {} : { fromStage: form.fromStage }),
    },
  ]
}
