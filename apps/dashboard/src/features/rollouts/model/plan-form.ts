import type { FlagView } from '@dimmer/protocol'
import type { Guardrail, PlanInput } from '@dimmer/rollout'
import { type TypedDuration, toIsoDuration } from '../../../shared/format/duration.ts'

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
}

const DAY: TypedDuration = { amount: 24, unit: 'hours' }
const LATENCY_QUANTILE = 0.95

/** The canary, 5 -> 25 -> 50 -> 100 %, for the variant that is not served when off. */
export function newPlanForm(flag: Pick<FlagView, 'variants'>, offVariant: string): PlanForm {
  return {
    variant: Object.keys(flag.variants).find(variant => variant !== offVariant) ?? offVariant,
    unit: 'account',
    ruleId: 'rollout',
    stages: [
      { name: 'Canary', percent: 5, hold: DAY },
      { name: 'Quarter', percent: 25, hold: DAY },
      { name: 'Half', percent: 50, hold: DAY },
      { name: 'Everybody', percent: 100, hold: DAY },
    ],
    errorRate: { on: true, event: '', maxRatio: 2 },
    latency: { on: false, event: '', maxMs: 1000 },
  }
}

function guardrails({ errorRate, latency }: PlanForm): readonly Guardrail[] {
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

/** The plan as it is sent. */
export function toPlanInput(form: PlanForm, place: { readonly flag: string; readonly environment: string }): PlanInput {
  return {
    ...place,
    variant: form.variant,
    unit: form.unit.trim(),
    ruleId: form.ruleId.trim(),
    stages: form.stages.map(({ name, percent, hold }) => ({
      ...(name.trim() === '' ? {} : { name: name.trim() }),
      percent,
      hold: toIsoDuration(hold),
    })),
    guardrails: guardrails(form),
  }
}

/** A further stage: half-way between the last one and everybody. */
export function nextStage(stages: readonly StageForm[]): StageForm {
  const last = stages.at(-1)
  const percent = last === undefined ? 5 : Math.min(100, Math.ceil((last.percent + 100) / 2))
  return { name: '', percent, hold: last?.hold ?? DAY }
}
