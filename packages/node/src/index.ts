export type { Json, Reason } from '@dimmer/engine'
export { createClient } from './create-client.ts'
export type { Cancel, Platform } from './platform.ts'
export type { Problem, ProblemCode, ProblemLevel } from './problems.ts'
export type { SourceState } from './source-state.ts'
export type {
  BoundClient,
  ChangeEvent,
  ClientEvents,
  ClientOptions,
  ClientStatus,
  Context,
  Details,
  DetailsErrorCode,
  DimmerClient,
  Readiness,
  StateEvent,
  TrackOptions,
  ValueOf,
} from './types.ts'
