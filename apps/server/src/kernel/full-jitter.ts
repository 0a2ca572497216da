/** The least and greatest upper bound of a pause, in ms. */
export type JitterBounds = { readonly baseMs: number; readonly capMs: number }

/**
 * A random pause before attempt number `failures + 1`: anywhere from nothing to a bound that doubles with each failure.
 * The whole range is used, so that nodes which lost their server together do not come back together.
 */
export function fullJitter(failures: number, { baseMs, capMs }: JitterBounds, random: () => number): number {
  return random() * Math.min(capMs, baseMs * 2 ** failures)
}
