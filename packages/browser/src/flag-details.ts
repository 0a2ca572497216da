import { fitsFallback, type ValueOf } from '@dimmer/sdk-core'
import type { FlagsSnapshot } from './types.ts'
import { valueOr } from './value-or.ts'

/** A flag's value, and where it comes from. */
export interface FlagDetails<T> {
  /** The served value, or the fallback if there is an `errorCode`. */
  readonly value: T
  /** The variant that was served, or that was found to be of the wrong type. */
  readonly variant: string | undefined
  /** OFREP's word for why, e.g. "TARGETING_MATCH"; undefined for values that came with the page. */
  readonly reason: string | undefined
  /** Why the fallback was given. */
  readonly errorCode: 'not-ready' | 'flag-not-found' | 'type-mismatch' | undefined
}

/** What a snapshot says of a flag. A fallback of null or undefined takes any value. */
export function flagDetails<T>({ flags, version }: FlagsSnapshot, flag: string, fallback: T): FlagDetails<ValueOf<T>> {
  const { value, variant, reason } = flags.get(flag) ?? {}
  const fits = fitsFallback(value, fallback)
  const missing = version === undefined ? 'not-ready' : 'flag-not-found'
  return {
    value: valueOr(value, fallback),
    variant,
    reason,
    errorCode: fits ? undefined : value === undefined ? missing : 'type-mismatch',
  }
}
