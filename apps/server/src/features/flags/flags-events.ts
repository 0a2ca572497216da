import type { RulesetPatch } from '@dimmer/engine'

/** A ruleset has a new version; told after the commit. */
export interface RulesetChanged {
  readonly projectKey: string
  readonly environmentId: string
  readonly environmentKey: string
  readonly patch: RulesetPatch
  /** When the transaction that made it ended, epoch ms. */
  readonly at: number
}

export interface FlagEvents {
  'ruleset-changed': RulesetChanged
}
