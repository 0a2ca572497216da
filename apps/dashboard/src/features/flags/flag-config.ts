import type { FlagEnvironmentView, FlagView } from '@dimmer/protocol'

/** How a flag stands in an environment; undefined if it has no config there. */
export const configIn = (flag: FlagView, environment: string): FlagEnvironmentView | undefined =>
  flag.environments.find(one => one.environment === environment)
