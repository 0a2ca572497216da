import { type BackOffOptions, RECONNECT } from '@dimmer/sdk-core'

/** How the browser SDK spaces its attempts. */
export const RETRY: BackOffOptions = {
  random: () => Math.random(),
  now: () => performance.now(),
  ...RECONNECT,
}
