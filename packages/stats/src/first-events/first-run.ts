/** One request of one unit: when (epoch ms) and whether it worked. */
export type Outcome = { readonly at: number; readonly ok: boolean }

/**
 * Time of the `length`-th failure in a row of one unit, or undefined if there was no such run. Length 1 is the first
 * error (event A), 3 the first run of three (event B). Outcomes must be in time order; give only those at or after the
 * unit's entry. Throws a RangeError otherwise.
 */
export function firstRunAt(outcomes: Iterable<Outcome>, length: number): number | undefined {
  if (!Number.isInteger(length) || length < 1) throw new RangeError(`run length must be a whole number, got ${length}`)
  let run = 0
  let last = -Infinity
  for (const { at, ok } of outcomes) {
    if (!(at >= last)) throw new RangeError('outcomes must be in time order')
    last = at
    run = ok ? 0 : run + 1
    if (run === length) return at
  }
  return undefined
}
