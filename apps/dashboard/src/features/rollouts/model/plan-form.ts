import type { FlagView } from '@dimmer/protocol'
import {
  type Guardrail,
  type MetricDefinition,
  type PlanInput,
  parseDuration,
  type RollBackMode,
  type RolloutPlan,
  resolveMetrics,
  type StageTemplate,
  stageTemplates,
  validatePlan,
  withDefaults,
} from '@dimmer/rollout'
import { type TypedDuration, toIsoDuration, toTypedDuration } from '../../../shared/format/duration.ts'
import { type GoalForm, type GuardrailForm, toGoal, toGuardrail } from './judged-form.ts'

export interface StageForm {
  readonly name: string
  readonly percent: number
  readonly hold: TypedDuration
}

/** What the dialog asks for. */
export interface PlanForm {
  readonly variant: string
  readonly unit: string
  readonly ruleId: string
  readonly stages: readonly StageForm[]
  readonly errorRate: { readonly on: boolean; readonly event: string; readonly maxRatio: number }
  readonly latency: { readonly on: boolean; readonly event: string; readonly maxMs: number }
  /** Metrics of the library, each at most once in either list. */
  readonly guardrails: readonly GuardrailForm[]
  readonly goals: readonly GoalForm[]
  readonly rollBack: RollBackMode
}

const LATENCY_QUANTILE = 0.95

/** The stages of a template as they are typed. */
export const stagesOf = ({ stages }: Pick<StageTemplate, 'stages'>): readonly StageForm[] =>
  stages.map(({ name = '', percent, hold }) => ({ name, percent, hold: toTypedDuration(parseDuration(hold) ?? 0) }))

/** The template that these stages are; undefined once somebody has changed them. */
export function templateOf(stages: readonly StageForm[]): StageTemplate | undefined {
  const typed = JSON.stringify(stages)
  return stageTemplates.find(template => JSON.stringify(stagesOf(template)) === typed)
}

const [USUAL] = stageTemplates

/** The first template, for the variant that is not served when off. */
export function newPlanForm(flag: Pick<FlagView, 'variants'>, offVariant: string): PlanForm {
  return {
    variant: Object.keys(flag.variants).find(variant => variant !== offVariant) ?? offVariant,
    unit: 'account',
    ruleId: 'rollout',
    stages: USUAL === undefined ? [] : stagesOf(USUAL),
    errorRate: { on: true, event: '', maxRatio: 2 },
    latency: { on: false, event: '', maxMs: 1000 },
    guardrails: [],
    goals: [],
    rollBack: 'to-zero',
  }
}

/** Those that need no library. */
function builtIn({ errorRate, latency }: PlanForm): readonly Guardrail[] {
  return [
    ...(errorRate.on
      ? [{ kind: 'error-rate', id: 'error-rate', event: errorRate.event.trim(), maxRatio: errorRate.maxRatio } as const]
      : []),
    ...(latency.on
      ? [
          {
            kind: 'latency',
            id: 'latency',
            event: latency.event.trim(),
            quantile: LATENCY_QUANTILE,
            maxMs: latency.maxMs,
          } as const,
        ]
      : []),
  ]
}

interface Place {
  readonly flag: string
  readonly environment: string
}

/** The plan as it is sent. `library`: the newest version of each metric. */
export function toPlanInput(form: PlanForm, place: Place, library: readonly MetricDefinition[]): PlanInput {
  const { flag, environment } = place
  const own = builtIn(form)
  const taken = own.map(({ id }) => id)
  const goals = form.goals.flatMap(goal => toGoal(goal, library))
  return {
    flag,
    environment,
    variant: form.variant,
    unit: form.unit.trim(),
    ruleId: form.ruleId.trim(),
    stages: form.stages.map(({ name, percent, hold }) => ({
      ...(name.trim() === '' ? {} : { name: name.trim() }),
      percent,
      hold: toIsoDuration(hold),
    })),
    guardrails: [...own, ...form.guardrails.flatMap(one => toGuardrail(one, library, taken))],
    ...(goals.length === 0 ? {} : { goals }),
    ...(form.rollBack === 'to-zero' ? {} : { rollBack: form.rollBack }),
  }
}

/** The plan with the definitions of its metrics, as the server would write it. */
export const completePlan = (form: PlanForm, place: Place, library: readonly MetricDefinition[]): RolloutPlan =>
  withDefaults(resolveMetrics(toPlanInput(form, place, library), library))

/** What is wrong with a plan, by place: "guardrails[1]" -> what is wrong there. The server refuses the same. */
export function planProblems(plan: RolloutPlan): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const { path, message } of validatePlan(plan)) {
    const place = /^\w+\[\d+\]/.exec(path)?.[0] ?? path
    found.set(place, [...new Set([found.get(place), message])].filter(Boolean).join(' '))
  }
  return found
}

/** A further stage: half-way between the last one and everybody. */
export function nextStage(stages: readonly StageForm[]): StageForm {
  const last = stages.at(-1)
  const percent = last === undefined ? 5 : Math.min(100, Math.ceil((last.percent + 100) / 2))
  return { name: '', percent, hold: last?.hold ?? { amount: 1, unit: 'days' } }
}
