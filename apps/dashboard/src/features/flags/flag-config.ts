import type { RuleId, Share } from '@dimmer/engine'
import type { FlagConfig, FlagEnvironmentView, FlagView } from '@dimmer/protocol'

/** How a flag stands in an environment; undefined if it has no config there. */
export const configIn = (flag: FlagView, environment: string): FlagEnvironmentView | undefined =>
  flag.environments.find(one => one.environment === environment)

/** Only what can be set: as the server takes it. */
export const settable = ({ on, offVariant, prerequisites, rules, fallthrough }: FlagConfig): FlagConfig => ({
  on,
  offVariant,
  prerequisites,
  rules,
  fallthrough,
})

/** The config as it would be with another share in one rule. */
export const withShare = (config: FlagConfig, rule: RuleId, share: Share): FlagConfig => ({
  ...settable(config),
  rules: config.rules.map(one => (one.id === rule ? { ...one, share } : one)),
})
