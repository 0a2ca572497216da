import {
  type FallbackOf,
  type FlagDetails,
  type FlagName,
  type FlagsStatus,
  flagDetails,
  type Served,
} from '@dimmer/browser'
import { useSyncExternalStore } from 'react'
import { useDimmer } from './provider.tsx'
import { useSnapshot } from './use-snapshot.ts'

/** A flag's value, and how far it can be trusted. */
export interface FeatureFlag<T> {
  /** The served value if it is of the fallback's type, else the fallback. */
  readonly value: T
  /** True until there is a value for the current context, or asking for it has failed. */
  readonly loading: boolean
  readonly status: FlagsStatus
}

/** As `FeatureFlag`, with variant and reason. */
export interface FeatureFlagDetails<T> extends FeatureFlag<T>, FlagDetails<T> {
  /** Ruleset version of the values; undefined while they come from the page. */
  readonly version: number | undefined
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
export function useFeatureFlag<Key extends FlagName, T extends FallbackOf<Key>>(
  flag: Key,
  fallback: T,
): FeatureFlag<Served<Key, T>> {
  const { value, loading, status } = useFeatureFlagDetails(flag, fallback)
  return { value, loading, status }
}

/**
 * As `useFeatureFlag`, with the variant, the reason, and why a fallback was given.
 *
 * @throws Error outside of a `DimmerProvider`.
 */
export function useFeatureFlagDetails<Key extends FlagName, T extends FallbackOf<Key>>(
  flag: Key,
  fallback: T,
): FeatureFlagDetails<Served<Key, T>> {
  const snapshot = useSnapshot()
  const { status, version } = snapshot
  // The application's types say what its flags serve.
  const details = flagDetails(snapshot, flag, fallback) as FlagDetails<Served<Key, T>>
  return { ...details, loading: status === 'loading', status, version }
}

/**
 * How far the flags of the provider can be trusted; renders again when that changes, and not when flags do.
 *
 * @throws Error outside of a `DimmerProvider`.
 */
export function useFlagsStatus(): FlagsStatus {
  const { subscribe, getSnapshot, getServerSnapshot } = useDimmer()
  return useSyncExternalStore(
    subscribe,
    () => getSnapshot().status,
    () => getServerSnapshot().status,
  )
}
