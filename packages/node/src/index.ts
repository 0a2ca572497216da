export type { Json, Reason } from '@dimmer/engine'
export type { Cancel, SourceState, TrackOptions } from '@dimmer/sdk-core'
export type * from '@dimmer/sdk-core/flag-types'
export { createClient } from './create-client.ts'
export type { Platform } from './platform.ts'
export type { Problem, ProblemCode, ProblemLevel } from './problems.ts'
export { type SignedContext, type SignOptions, signContext } from './sign-context.ts'
export type {
  BoundClient,
  Call,
  ChangeEvent,
  ClientEvents,
  ClientOptions,
  ClientStatus,
  Context,
  Details,
  DetailsErrorCode,
  DimmerClient,
  Hook,
  PinOptions,
  Readiness,
  RulesetSource,
  StateEvent,
} from './types.ts'
export type { ValueOf } from './value-type.ts'
