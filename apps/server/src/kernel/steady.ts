/** Epoch ms. As `Clock` of the ports. */
export interface Now {
  now(): number
  steady?(): number
}

/** The same clock without its jumps, for how long ago something was. */
export const steady = (clock: Now): { now(): number } => ({ now: () => clock.steady?.() ?? clock.now() })
