export type { TrackOptions, ValueOf } from '@dimmer/sdk-core'
export { createBrowserClient } from './create-browser-client.ts'
export type {
  BrowserClient,
  BrowserClientOptions,
  BrowserContext,
  EvaluatedFlag,
  EventSourceLike,
  FlagsSnapshot,
  FlagsStatus,
} from './types.ts'
export { valueOr } from './value-or.ts'
