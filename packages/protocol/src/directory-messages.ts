/** Messages of the admin API about the directory: uploading it, and forecasting over it. */
import type { ForecastSummary } from '@dimmer/engine'
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

/** What a forecast tells apart; absent: chosen from the directory. `by` is a list with commas, e.g. "plan,country". */
export const forecastQuerySchema = z.strictObject({ by: name.exactOptional(), biggestBy: name.exactOptional() })

/** What would change for whom, over the directory as it was at `directoryAt`. At most 100 units are named in a group. */
export interface ForecastView extends ForecastSummary {
  readonly directoryAt: string
}
