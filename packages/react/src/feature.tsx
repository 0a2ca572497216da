import type { FlagName, FlagTypes } from '@dimmer/browser'
import type { ReactElement, ReactNode } from 'react'
import { useSnapshot } from './use-snapshot.ts'

/** What a flag may be compared with. */
type Matchable<Key> = Key extends keyof FlagTypes ? FlagTypes[Key] : boolean | string | number

export interface FeatureProps<Key extends FlagName> {
  readonly flag: Key
  /** The value, or one of the values, that it must serve. Default: true. */
  readonly match?: Matchable<Key> | readonly Matchable<Key>[]
  /** Shown otherwise, and while there are no values yet. */
  readonly fallback?: ReactNode
  readonly children?: ReactNode
}

/**
 * Shows its children if the flag serves true, or what `match` says.
 *
 * @throws Error outside of a `DimmerProvider`.
 * @example
 * <Feature flag="redesigned-dashboard" fallback={<OldDashboard />}>
 *   <NewDashboard />
 * </Feature>
 * <Feature flag="button-colour" match={['green', 'lime']}>...</Feature>
 */
export function Feature<Key extends FlagName>(props: FeatureProps<Key>): ReactElement {
  const { flag, match = true, fallback, children } = props
  const { value } = useSnapshot().flags.get(flag) ?? {}
  const matches: readonly unknown[] = Array.isArray(match) ? match : [match]
  return <>{matches.includes(value) ? children : fallback}</>
}
