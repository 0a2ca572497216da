/** For servers that pass a ruleset on: follows one environment as a client does, without evaluating anything. */
import type { Ruleset, Snapshot } from '@dimmer/engine'
import type { BackOffTimes, SourceState } from '@dimmer/sdk-core'
import { DataSource } from './data-source.ts'
import { checkOptions } from './options.ts'
import type { Report } from './problems.ts'
import { RulesetStore } from './ruleset-store.ts'
import { SdkHttp } from './sdk-http.ts'
import type { ClientOptions } from './types.ts'

export type { SourceState } from '@dimmer/sdk-core'
export { linearRegex } from './linear-regex.ts'
export type { Problem, ProblemLevel } from './problems.ts'
export { readsClock } from './reads-clock.ts'

export interface FollowOptions extends Pick<ClientOptions, 'url' | 'sdkKey' | 'connectTimeoutMs' | 'pollIntervalMs'> {
  readonly instanceId: string
  /** "name/version" that it goes by. */
  readonly sdk: string
  /** The last ruleset of an earlier run; the stream then brings only what is missing. */
  readonly initial?: Ruleset
}

export interface FollowHandlers {
  /** A new version, compiled, with its long lists. `initial` is told of too. */
  onSnapshot(snapshot: Snapshot): void
  onState(state: SourceState): void
  readonly report: Report
}

/** A ruleset that is being followed. */
export interface Follower {
  readonly state: SourceState
  /** When the other side last confirmed that this is its current version, epoch ms; undefined: never. */
  readonly confirmedAt: number | undefined
  close(): void
}

/** Longest pauses are short: all who hang on this one would wait as long. */
const AS_A_SERVER: BackOffTimes = { baseMs: 250, capMs: 5_000, stableAfterMs: 30_000 }

/**
 * Follows an environment at once and in the background, through outages, until `close` or until the key is refused.
 *
 * @throws TypeError for options with which it could never work.
 */
export function followRuleset(options: FollowOptions, handlers: FollowHandlers): Follower {
  const { initial, sdk, ...rest } = options
  const settings = checkOptions(rest)
  const { platform, connectTimeoutMs, pollIntervalMs } = settings
  const store = new RulesetStore(snapshot => handlers.onSnapshot(snapshot))
  if (initial !== undefined) store.put(initial)
  const source = new DataSource(
    {
      platform,
      http: new SdkHttp(platform, { ...settings, sdk }),
      store,
      timings: { reconnect: AS_A_SERVER, connectTimeoutMs, pollIntervalMs },
      report: handlers.report,
    },
    { onState: state => handlers.onState(state), onApplied: () => undefined, onHello: () => undefined },
  )
  source.start()
  return {
    get state() {
      return source.state
    },
    get confirmedAt() {
      return source.ageMs === undefined ? undefined : platform.now() - source.ageMs
    },
    close: () => source.close(),
  }
}
