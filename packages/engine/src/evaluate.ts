import type { Evaluation } from './evaluation.ts'
import type { FlagKey } from './model.ts'
import type { Snapshot } from './snapshot.ts'

/**
 * What a flag gives to a context. Synchronous and pure, and it never throws: what cannot be answered is an evaluation
 * whose reason is an error. `context` is a `Context`; anything but a JSON object gives `invalid-context`, and so does one
 * that throws when it is read.
 * `now` is in milliseconds since 1970.
 */
export function evaluate(snapshot: Snapshot, flagKey: FlagKey, context: unknown, now: number): Evaluation {
  const flag = snapshot.flags.get(flagKey)
  return flag === undefined ? snapshot.notFound(flagKey) : flag.evaluate(context, now)
}
