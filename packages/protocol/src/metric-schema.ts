/** Zod schemas of metrics, limits and goals as people write them: the shape only. Whether they make sense is `validatePlan`'s. */
import type { Goal, Limit, MetricChoice, MetricDefinition } from '@dimmer/rollout'
import { z } from 'zod'
import { keySchema } from './flag-schemas.ts'

const text = z.string().min(1).max(200)
const duration = z.string().max(100)
const base = {
  key: keySchema,
  version: z.number(),
  name: text,
  worse: z.enum(['higher', 'lower']),
  unit: z.string().min(1).max(100).exactOptional(),
}
const field = z.enum(['count', 'value', 'ms'])
const eventSum = z.strictObject({ event: text, field })
const windowed = { ...base, event: text, within: duration }

/** A metric, written out in full (`defineMetric` of @dimmer/rollout fills in what is usual). */
export const metricDefinitionSchema: z.ZodType<MetricDefinition> = z.discriminatedUnion('kind', [
  z.strictObject({ ...base, kind: z.literal('error-rate'), event: text }),
  z.strictObject({ ...base, kind: z.literal('latency'), event: text, quantile: z.number() }),
  z.strictObject({ ...windowed, kind: z.enum(['adoption', 'activation', 'conversion']) }),
  z.strictObject({ ...windowed, kind: z.literal('reversal') }),
  z.strictObject({ ...windowed, kind: z.literal('retention'), after: duration }),
  z.strictObject({ ...base, kind: z.literal('tickets'), event: text, per: duration }),
  z.strictObject({ ...windowed, kind: z.literal('sentiment'), lowest: z.number(), highest: z.number() }),
  z.strictObject({ ...windowed, kind: z.enum(['revenue', 'mean']), field, cap: z.number().exactOptional() }),
  z.strictObject({ ...base, kind: z.literal('ratio'), numerator: eventSum, denominator: eventSum, within: duration }),
  z.strictObject({ ...base, kind: z.literal('external'), query: z.string().min(1).max(10_000), every: duration }),
])

/** A metric written out, or one of the library by key and version. */
export const metricChoiceSchema: z.ZodType<MetricChoice> = z.union([
  metricDefinitionSchema,
  z.strictObject({ key: keySchema, version: z.number() }),
])

export const limitSchema: z.ZodType<Limit> = z.strictObject({
  value: z.number().exactOptional(),
  ratio: z.number().exactOptional(),
  total: z.number().exactOptional(),
})

export const goalSchema: z.ZodType<Goal> = z.strictObject({
  id: keySchema,
  name: text.exactOptional(),
  metric: metricChoiceSchema,
  target: z.number(),
  floor: z.number().exactOptional(),
  otherwise: z.enum(['pause', 'hold', 'warn']).exactOptional(),
  fromStage: z.number().exactOptional(),
})
