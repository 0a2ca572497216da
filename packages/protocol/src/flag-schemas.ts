/** Zod schemas of the flag model: the shape only. Whether a flag makes sense is `validateFlag` of the engine. */
import type {
  Condition,
  Flag,
  HashSchemeName,
  Json,
  Operator,
  Prerequisite,
  Rule,
  Ruleset,
  Segment,
  Serve,
  Share,
} from '@dimmer/engine'
import { z } from 'zod'

/** Keys of projects, environments and flags. */
export const keySchema = z
  .string()
  .regex(
    /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,99}$/,
    'a key starts with a letter or digit and has only letters, digits, ".", "_" and "-", 100 at the most',
  )

export const jsonSchema: z.ZodType<Json> = z.json()

const unitSchema = z
  .string('say of what: account, user, organization, session, request or a unit of the project')
  .min(1)
  .max(100)
const variantKeySchema = keySchema

/**
 * One of the names that this version knows, or what a newer one may call something: a rule that a newer server wrote
 * comes back with the rest of a config. The engine refuses it where it is new, and says so (`unknown-operator`).
 */
const nameSchema = <Name extends string>(known: readonly Name[]): z.ZodType<Name> =>
  z.union(
    [
      z.enum(known),
      z
        .string()
        .regex(/^[a-z][a-zA-Z0-9-]{0,39}$/)
        .transform(name => name as Name),
    ],
    `must be one of ${known.join(', ')}`,
  )

const hashSchema = z.strictObject({
  scheme: nameSchema<HashSchemeName>([
    'murmur3',
    'unleash',
    'unleash-node',
    'growthbook-v1',
    'growthbook-v2',
    'launchdarkly',
    'flagd-v1',
    'flagd-v2',
    'flagd-v3',
    'configcat',
    'flagsmith',
  ]),
  salt: z.string().max(500).exactOptional(),
})

export const shareSchema: z.ZodType<Share> = z.strictObject({
  unit: unitSchema,
  percent: z.number().min(0, 'a percent is between 0 and 100').max(100, 'a percent is between 0 and 100'),
  hash: hashSchema.exactOptional(),
})

export const serveSchema: z.ZodType<Serve> = z.union([
  z.strictObject({ variant: variantKeySchema }),
  z.strictObject({
    split: z.strictObject({
      unit: unitSchema,
      arms: z
        .array(z.strictObject({ variant: variantKeySchema, weight: z.number().min(0) }))
        .min(1)
        .max(100),
      hash: hashSchema.exactOptional(),
    }),
  }),
])

const operatorSchema = nameSchema<Operator>([
  'equals',
  'notEquals',
  'in',
  'notIn',
  'contains',
  'startsWith',
  'endsWith',
  'lt',
  'lte',
  'gt',
  'gte',
  'before',
  'after',
  'olderThan',
  'newerThan',
  'matches',
  'semverEq',
  'semverLt',
  'semverLte',
  'semverGt',
  'semverGte',
  'inCidr',
  'emailDomain',
  'exists',
])

export const conditionSchema: z.ZodType<Condition> = z
  .lazy(() =>
    z.union([
      z.strictObject({ all: z.array(conditionSchema).max(500) }),
      z.strictObject({ any: z.array(conditionSchema).max(500) }),
      z.strictObject({ not: conditionSchema }),
      z.strictObject({ segment: keySchema }),
      z.strictObject({
        attribute: z.string().min(1).max(200),
        op: operatorSchema,
        value: jsonSchema.exactOptional(),
        ignoreCase: z.boolean().exactOptional(),
        elements: z.enum(['any', 'all']).exactOptional(),
        values: z.enum(['any', 'all']).exactOptional(),
      }),
    ]),
  )
  .meta({ id: 'Condition' })

export const ruleSchema: z.ZodType<Rule> = z.strictObject({
  id: keySchema,
  name: z.string().max(200).exactOptional(),
  from: z.string().max(40).exactOptional(),
  until: z.string().max(40).exactOptional(),
  when: conditionSchema.exactOptional(),
  share: shareSchema.exactOptional(),
  serve: serveSchema,
})

export const prerequisiteSchema: z.ZodType<Prerequisite> = z.strictObject({
  flag: keySchema,
  variants: z.array(variantKeySchema).min(1).max(100),
})

export const flagTypeSchema = z.enum(['boolean', 'string', 'number', 'json'])

export const variantsSchema = z.record(variantKeySchema, jsonSchema)

export const flagSchema: z.ZodType<Flag> = z.object({
  key: keySchema,
  type: flagTypeSchema,
  variants: variantsSchema,
  salt: z.string().min(1),
  version: z.number().int().min(0),
  on: z.boolean(),
  offVariant: variantKeySchema,
  prerequisites: z.array(prerequisiteSchema),
  rules: z.array(ruleSchema),
  fallthrough: serveSchema,
})

const unitListSchema = z.object({ unit: unitSchema, ids: z.array(z.string()) })

export const segmentSchema: z.ZodType<Segment> = z.object({
  key: keySchema,
  when: conditionSchema.exactOptional(),
  list: unitListSchema.exactOptional(),
  exclude: unitListSchema.exactOptional(),
})

const writtenListSchema = z.strictObject({
  unit: unitSchema,
  ids: z.array(z.string().min(1).max(200)).min(1).max(1_000_000, 'a list has 1,000,000 ids at the most'),
})

/** A segment as people write it; its key stands in the address. */
export const segmentParts = {
  when: conditionSchema.exactOptional(),
  list: writtenListSchema.exactOptional(),
  exclude: writtenListSchema.exactOptional(),
}

export const rulesetSchema: z.ZodType<Ruleset> = z.object({
  schema: z.literal(1),
  project: z.string(),
  environment: z.string(),
  version: z.number().int().min(0),
  flags: z.record(keySchema, flagSchema),
  segments: z.record(keySchema, segmentSchema),
  units: z.record(z.string(), z.string()),
  privateAttributes: z.array(z.string()).exactOptional(),
})
