/** Messages of the admin API about the directory: uploading it, and forecasting over it. */
import type { ForecastSummary, NamedUnit } from '@dimmer/engine'
import { z } from 'zod'
import { identifySchema, unitIdsSchema } from './sdk-messages.ts'

const id = unitIdsSchema.valueType
const { attributes } = identifySchema.shape
const MOST_AT_ONCE = 5_000

/** A batch of accounts and users. Attributes are added to those that are known; later words win, attribute by attribute. */
export const uploadDirectorySchema = z.strictObject({
  accounts: z.array(z.strictObject({ id, attributes })).max(MOST_AT_ONCE).default([]),
  users: z
    .array(z.strictObject({ id, accountId: id.exactOptional(), attributes }))
    .max(MOST_AT_ONCE)
    .default([]),
})
/** As it is sent. */
export type UploadDirectory = z.input<typeof uploadDirectorySchema>
/** As the server reads it. */
export type DirectoryBatch = z.output<typeof uploadDirectorySchema>

/** How many were taken. */
export interface DirectoryUploaded {
  readonly accounts: number
  readonly users: number
}

/** An attribute that accounts or users of the directory have. */
export interface AttributeView {
  /** A dotted path, as conditions name it. */
  readonly path: string
  readonly unit: 'account' | 'user'
  /** The types that its values, or the elements of its lists, have. */
  readonly types: readonly ('text' | 'number' | 'boolean')[]
  /** Whether it is a list for any of them. */
  readonly list: boolean
  /** The values that most of them have, those first; at most 20. */
  readonly examples: readonly (string | number | boolean)[]
}

const name = z.string().min(1).max(200)

const at = z.iso.datetime({ offset: true, error: 'must be a time like 2026-03-01T12:00:00Z' }).exactOptional()

/**
 * What a forecast tells apart; absent: chosen from the directory. `by` is a list with commas, e.g. "plan,country". `at`: for
 * which time rules are in force; absent: now.
 */
export const forecastQuerySchema = z.strictObject({ by: name.exactOptional(), biggestBy: name.exactOptional(), at })
export type ForecastQuery = z.infer<typeof forecastQuerySchema>

/** Which group of a forecast is listed, and which part of it. */
export const forecastNamesQuerySchema = z.strictObject({
  of: z.enum(['gains', 'losses', 'switched', 'unchanged', 'splitTeams']),
  unit: z.enum(['account', 'user']).default('account'),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(100_000).default(1_000),
  at,
})
export interface ForecastNamesQuery {
  readonly of: 'gains' | 'losses' | 'switched' | 'unchanged' | 'splitTeams'
  /** Absent: account. Split teams are accounts. */
  readonly unit?: 'account' | 'user'
  readonly offset?: number
  /** 100,000 at the most; absent: 1,000. */
  readonly limit?: number
  /** As of the forecast. */
  readonly at?: string
}

/** Part of a group, in the order of the directory. */
export interface ForecastNames {
  readonly names: readonly NamedUnit[]
  /** Whether more follow. */
  readonly more: boolean
}

/** What would change for whom, over the directory as it was at `directoryAt`. At most 100 units are named in a group. */
export interface ForecastView extends ForecastSummary {
  readonly directoryAt: string
}

/** A unit of a project by its id, as it stands in an address. */
export const unitIdSchema = id

/** `users=true`: with an account also all of its users. */
export const eraseQuerySchema = z.strictObject({
  users: z
    .enum(['true', 'false'])
    .default('false')
    .transform(value => value === 'true'),
})

/** How long things are kept, in days; `looksDays` null: for ever. */
export interface RetentionView {
  /** Exposures as they came, and tracked events. */
  readonly eventsDays: number
  /** Ids of event batches: a retry that comes later counts again. */
  readonly batchIdsDays: number
  /** The looks at rollouts, of which charts are drawn. */
  readonly looksDays: number | null
}

/** What became of erasing a unit: how many rows were deleted in all environments, and where it is still named. */
export interface Erased {
  /** How the audit log names the erased one. */
  readonly reference: string
  /** Entries of the directory, its users included. */
  readonly units: number
  /** Entries of the directory that stay, but no longer say that they belong to it. */
  readonly unlinked: number
  readonly events: number
  readonly exposures: number
  readonly facts: number
  /** What other systems were told, or could not be told. */
  readonly told: number
  /** Change requests that are over, from which it was taken out. */
  readonly requests: number
  /** Entries of the audit log from which it was taken out. */
  readonly redacted: number
  /** Rules, lists and change requests that name it still; people wrote these. */
  readonly stillNamedIn: readonly string[]
}
