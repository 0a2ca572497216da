export type { TrackOptions, ValueOf } from '@dimmer/sdk-core'
export type * from '@dimmer/sdk-core/flag-types'
export { createBrowserClient } from './create-browser-client.ts'
export { type FlagDetails, flagDetails } from './flag-details.ts'
export type {
  BrowserClient,
  BrowserClientOptions,
  BrowserContext,
  EvaluatedFlag,
  EventSourceLike,
  FlagsSnapshot,
  FlagsStatus,
} from './types.ts'
