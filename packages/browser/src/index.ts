export { createBrowserClient } from './create-browser-client.ts'
export type {
  BrowserClient,
  BrowserClientOptions,
  BrowserContext,
  EvaluatedFlag,
  EventSourceLike,
  FlagsSnapshot,
  FlagsStatus,
  TrackOptions,
  ValueOf,
} from './types.ts'
export { valueOr } from './value-or.ts'
