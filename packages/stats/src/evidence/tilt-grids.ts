/** Names of the grids, as stored in a state. */
export type TiltGridName = 'G24' | 'G_MILD' | 'G_SEV' | 'G_FINE'

/**
 * Log odds ratios ("tilts") to bet on, and how much of the starting wealth each gets.
 * `up` and `down` are `expm1(tilt)` and `expm1(-tilt)`, kept because they are needed at each slice.
 */
export type TiltGrid = {
  readonly tilts: ArrayLike<number>
  readonly logWeights: ArrayLike<number>
  readonly up: ArrayLike<number>
  readonly down: ArrayLike<number>
}

function grid(tilts: readonly number[], weight: (tilt: number) => number): TiltGrid {
  const weights = tilts.map(weight)
  const total = weights.reduce((sum, w) => sum + w, 0)
  return {
    tilts: Float64Array.from(tilts),
    logWeights: Float64Array.from(weights, w => Math.log(w / total)),
    up: Float64Array.from(tilts, d => Math.expm1(d)),
    down: Float64Array.from(tilts, d => Math.expm1(-d)),
  }
}

const steps = (count: number, at: (index: number) => number): number[] => Array.from({ length: count }, (_, i) => at(i))
const fine = steps(16, j => 0.01 * 200 ** (j / 15))

/**
 * The fixed grids of the tilt e-process.
 *
 * - `G24`: 0.25 to 6 in steps of 0.25, weights falling as exp(-tilt/1.5); for ordinary harm, from 1.3x up.
 * - `G_MILD`: 0.5 and 0.8, equal weights; for harm of 1.5x to 3x that is spread over many units.
 * - `G_SEV`: 1 to 6, equal weights; for catastrophes (accounts that fail totally).
 * - `G_FINE`: 0.01 to 2 geometrically, both signs, equal weights; two-sided, for sample ratios.
 */
export const tiltGrids: Readonly<Record<TiltGridName, TiltGrid>> = {
  G24: grid(
    steps(24, j => 0.25 * (j + 1)),
    d => Math.exp(-d / 1.5),
  ),
  G_MILD: grid([0.5, 0.8], () => 1),
  G_SEV: grid(
    steps(6, j => j + 1),
    () => 1,
  ),
  G_FINE: grid([...fine.map(d => -d), ...fine], () => 1),
}
