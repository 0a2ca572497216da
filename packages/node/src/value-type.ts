import type { Json } from '@dimmer/engine'
import { fitsFallback as fits, type ValueOf as ValueOrAny } from '@dimmer/sdk-core'

/** What the type of a value is, given the type of the fallback: `false` stands for any boolean, null for any value. */
export type ValueOf<T> = ValueOrAny<T, Json>

/** Whether a value can stand in for the fallback. A fallback of null or undefined says nothing about the type. */
export function fitsFallback<T>(value: unknown, fallback: T): value is ValueOf<T> {
  return fits(value, fallback)
}

/** The fallback, typed as what it stands for: `false` as a boolean. */
export function asValue<T>(fallback: T): ValueOf<T> {
  return fallback as ValueOf<T>
}
