import type { FlagKey } from '@dimmer/engine'
import type { TrackOptions } from '@dimmer/sdk-core'
import type { BoundClient, Context, Details } from './types.ts'
import type { ValueOf } from './value-type.ts'

/** A `BoundClient` that knows nothing of `FlagTypes`. */
export interface UntypedBoundClient {
  readonly context: Context
  isEnabled(flag: FlagKey): boolean
  value<T>(flag: FlagKey, fallback: T): ValueOf<T>
  details<T>(flag: FlagKey, fallback: T): Details<ValueOf<T>>
  track(name: string, options?: TrackOptions): void
}

/** Adds the application's types: they say what the flags serve, and what is of another type is never served. */
export function asBound(client: UntypedBoundClient): BoundClient {
  return client as unknown as BoundClient
}

interface Asked {
  isEnabled(flag: FlagKey, context: Context): boolean
  value<T>(flag: FlagKey, context: Context, fallback: T): ValueOf<T>
  details<T>(flag: FlagKey, context: Context, fallback: T): Details<ValueOf<T>>
  track(name: string, context: Context, options?: TrackOptions): void
}

/** A client that always asks for the same context. */
export function bindContext(client: Asked, context: Context): BoundClient {
  return asBound({
    context,
    isEnabled: flag => client.isEnabled(flag, context),
    value: (flag, fallback) => client.value(flag, context, fallback),
    details: (flag, fallback) => client.details(flag, context, fallback),
    track: (name, options) => client.track(name, context, options),
  })
}
