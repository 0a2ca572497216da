/** Zod schemas of metrics, limits and goals as people write them: the shape only. Whether they make sense is `validatePlan`'s. */
import { defineMetric, type Goal, type Limit, type MetricChoice, type MetricDefinition } from '@dimmer/rollout'
import { z } from 'zod'
import { keySchema } from './flag-schemas.ts'

const text = z.string().min(1).max(200)
const duration = z.string().max(100)
const filled = duration.exactOptional()
const field = z.enum(['count', 'value', 'ms'])
const eventSum = z.strictObject({ event: text, field })

/** All kinds of metrics, with what else identifies them. What the catalogue can fill in may be absent. */
export const metricKinds = <Identity extends z.ZodRawShape>(identity: Identity) => {
  const base = {
    ...identity,
    name: text.exactOptional(),
    worse: z.enum(['higher', 'lower']).exactOptional(),
    unit: z.string().min(1).max(100).exactOptional(),
  }
  const windowed = { ...base, event: text, within: filled }
  const score = { lowest: z.number().exactOptional(), highest: z.number().exactOptional() }
  const sum = { field: field.exactOptional(), cap: z.number().exactOptional() }
  return z.discriminatedUnion('kind', [
    z.strictObject({ ...base, kind: z.literal('error-rate'), event: text }),
    z.strictObject({ ...base, kind: z.literal('latency'), event: text, quantile: z.number().exactOptional() }),
    z.strictObject({ ...windowed, kind: z.enum(['adoption', 'activation', 'conversion']) }),
    z.strictObject({ ...windowed, kind: z.literal('reversal') }),
    z.strictObject({ ...windowed, kind: z.literal('retention'), after: filled }),
    z.strictObject({ ...base, kind: z.literal('tickets'), event: text.exactOptional(), per: filled }),
    z.strictObject({ ...windowed, kind: z.literal('sentiment'), event: text.exactOptional(), ...score }),
    z.strictObject({ ...windowed, kind: z.enum(['revenue', 'mean']), ...sum }),
    z.strictObject({ ...base, kind: z.literal('ratio'), numerator: eventSum, denominator: eventSum, within: filled }),
    z.strictObject({ ...base, kind: z.literal('external'), query: z.string().min(1).max(10_000), every: filled }),
  ])
}

/** A metric as people write it; it comes out complete. */
export const metricDefinitionSchema: z.ZodType<MetricDefinition> = metricKinds({
  key: keySchema,
  version: z.number().exactOptional(),
}).transform(defineMetric)

/** A metric written out, or one of the library by key; without a version the newest. */
export const metricChoiceSchema: z.ZodType<MetricChoice> = z.union([
  metricDefinitionSchema,
  z.strictObject({ key: keySchema, version: z.number().exactOptional() }),
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
