import { fitsFallback, type ValueOf } from '@dimmer/sdk-core'

/** The value if it is of the fallback's type, else the fallback. A fallback of null or undefined takes any value. */
export function valueOr<T>(value: unknown, fallback: T): ValueOf<T> {
  return (fitsFallback(value, fallback) ? value : fallback) as ValueOf<T>
}
