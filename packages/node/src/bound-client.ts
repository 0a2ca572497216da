import type { BoundClient, Context, DimmerClient } from './types.ts'

/** A client that always asks for the same context. */
export function bindContext(client: DimmerClient, context: Context): BoundClient {
  return {
    context,
    isEnabled: flag => client.isEnabled(flag, context),
    value: (flag, fallback) => client.value(flag, context, fallback),
    details: (flag, fallback) => client.details(flag, context, fallback),
    track: (name, options) => client.track(name, context, options),
  }
}
