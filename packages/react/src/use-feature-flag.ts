import { type FlagsStatus, type ValueOf, valueOr } from '@dimmer/browser'
import { useSyncExternalStore } from 'react'
import { useDimmer } from './provider.tsx'

/** A flag's value, and how far it can be trusted. */
export interface FeatureFlag<T> {
  /** The served value if it is of the fallback's type, else the fallback. */
  readonly value: ValueOf<T>
  /** True until there is a value for the current context, or asking for it has failed. */
  readonly loading: boolean
  readonly status: FlagsStatus
}

/**
 * A flag's value for the provider's context; renders again when it changes.
 *
 * @throws Error outside of a `DimmerProvider`.
 * @example
 * const { value: redesigned, loading } = useFeatureFlag('redesigned-dashboard', false)
 * if (loading) return <Skeleton />
 * return redesigned ? <NewDashboard /> : <OldDashboard />
 */
export function useFeatureFlag<T>(flag: string, fallback: T): FeatureFlag<T> {
  const { subscribe, getSnapshot, getServerSnapshot } = useDimmer()
  const { status, flags } = useSyncExternalStore(subscribe, getSnapshot, getServerSnapshot)
  return { value: valueOr(flags.get(flag)?.value, fallback), loading: status === 'loading', status }
}
