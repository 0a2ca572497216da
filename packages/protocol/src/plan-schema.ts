/** Zod schema of a rollout plan as people write it: the shape only. Whether it makes sense is `validatePlan`'s. */
import type { Guardrail, PlanInput, Policy } from '@dimmer/rollout'
import { z } from 'zod'
import { conditionSchema, keySchema } from './flag-schemas.ts'
import { goalSchema, limitSchema, metricChoiceSchema } from './metric-schema.ts'

const actionSchema = z.enum(['roll-back', 'pause', 'hold', 'warn'])

const policySchema: z.ZodType<Partial<Policy>> = z.strictObject({
  breached: actionSchema.exactOptional(),
  inconclusive: actionSchema.exactOptional(),
  noData: actionSchema.exactOptional(),
  sickSample: actionSchema.exactOptional(),
})

const guardrailBase = {
  id: keySchema,
  name: z.string().min(1).max(200).exactOptional(),
  weight: z.number().positive().exactOptional(),
  policy: policySchema.exactOptional(),
}

const event = z.string().min(1).max(200)

const guardrailSchema: z.ZodType<Guardrail> = z.discriminatedUnion('kind', [
  z.strictObject({ ...guardrailBase, kind: z.literal('error-rate'), event, maxRatio: z.number() }),
  z.strictObject({ ...guardrailBase, kind: z.literal('metric'), metric: metricChoiceSchema, limit: limitSchema }),
  z.strictObject({ ...guardrailBase, kind: z.literal('latency'), event, quantile: z.number(), maxMs: z.number() }),
])

export const planInputSchema: z.ZodType<PlanInput> = z.strictObject({
  flag: keySchema,
  environment: keySchema,
  variant: keySchema,
  unit: z.string().min(1).max(100),
  ruleId: keySchema.exactOptional(),
  audience: conditionSchema.exactOptional(),
  stages: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(200).exactOptional(),
        percent: z.number(),
        hold: z.string().max(100),
      }),
    )
    .min(1, 'a plan has at least one stage')
    .max(50),
  guardrails: z.array(guardrailSchema).max(50).exactOptional(),
  goals: z.array(goalSchema).max(20).exactOptional(),
  policy: policySchema.exactOptional(),
  rollBack: z.enum(['to-zero', 'to-previous-stage']).exactOptional(),
  alpha: z.number().exactOptional(),
})
