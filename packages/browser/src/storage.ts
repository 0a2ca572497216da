import { randomId } from './api.ts'
import { attempt } from './attempt.ts'
import type { Values } from './evaluations.ts'
import type { BrowserContext, EvaluatedFlag } from './types.ts'

/** The context as text; undefined for what can't be written as JSON. */
export const textOf = (
  context: BrowserContext,
  replacer?: (key: string, value: unknown) => unknown,
): string | undefined => attempt(() => JSON.stringify(context, replacer))

/** Who is meant, whoever has signed it and when. */
export const identity = (context: BrowserContext): string | undefined =>
  textOf(context, (key, value) => (key === 'signedContext' ? undefined : value))

/** Most contexts whose values are kept: somebody without a login, and the same person after it, and then some. */
const CONTEXTS = 4

/** What an earlier visit kept; undefined if there is nothing, or no storage. */
const recall = (key: string): unknown => attempt(() => JSON.parse(String(localStorage.getItem(key))))

/** If the storage is full, or forbidden, the next visit starts without it. */
const keep = (key: string, value: unknown): void => attempt(() => localStorage.setItem(key, JSON.stringify(value)))

/** The id of this browser, the same on every visit for as long as its storage lasts. */
export function deviceId(): string {
  const known = recall('dimmer.device')
  if (typeof known === 'string') return known
  const id = randomId()
  keep('dimmer.device', id)
  return id
}

/** The last values of the last few contexts, across visits. */
export interface FlagCache {
  read(context: BrowserContext): Values | undefined
  write(context: BrowserContext, values: Values): void
}

interface Entry extends Omit<Values, 'flags'> {
  readonly of: string | undefined
  readonly flags: Iterable<readonly [string, EvaluatedFlag]>
}

/** Values of one key's environment in `localStorage`. */
export function createFlagCache(clientKey: string): FlagCache {
  const key = `dimmer.flags.${clientKey}`
  const entries = (): (Entry | null)[] => {
    const kept = recall(key)
    return Array.isArray(kept) ? kept : []
  }
  return {
    // There may be none, or somebody else may have written there.
    read: context =>
      attempt(() => {
        const entry = entries().find(kept => kept?.of === identity(context)) as Entry
        return { ...entry, flags: new Map(entry.flags) }
      }),
    write(context, values) {
      const of = identity(context)
      const others = entries().filter(kept => kept?.of !== of)
      keep(key, [{ ...values, of, flags: [...values.flags] }, ...others].slice(0, CONTEXTS))
    },
  }
}
