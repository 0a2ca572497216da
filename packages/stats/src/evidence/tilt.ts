import { requirePartOf, requirePositive, requireProbability } from '../numeric/checks.ts'
import { type TiltGrid, type TiltGridName, tiltGrids } from './tilt-grids.ts'

/** `up`: the null says "at most the bound", evidence grows when it is exceeded. `down`: the null says "at least". */
export type Direction = 'up' | 'down'

/**
 * `k` events of interest out of `n` (fractions allowed, `k <= n`), and the largest ('up') or smallest ('down')
 * probability the null allows.
 */
export type TiltSlice = { readonly k: number; readonly n: number; readonly bound: number }

/** One running sum per tilt: all that has to be kept. Plain JSON. */
export type TiltState = {
  readonly grid: TiltGridName
  readonly direction: Direction
  readonly sums: readonly number[]
}

/** Which grid to bet on (default `G24`) and which way (default `up`). */
export type TiltOptions = { readonly grid?: TiltGridName; readonly direction?: Direction }

/** A zero for each tilt. */
export const noSums = (grid: TiltGridName): number[] => new Array<number>(tiltGrids[grid].tilts.length).fill(0)

/** A state that has seen nothing: log E is 0. */
export function startTilt({ grid = 'G24', direction = 'up' }: TiltOptions = {}): TiltState {
  return { grid, direction, sums: noSums(grid) }
}

/** What one slice adds to the sum of each tilt. Throws a RangeError on impossible counts or a bound outside [0, 1]. */
export function tiltIncrements(grid: TiltGrid, direction: Direction, slice: TiltSlice): number[] {
  const { k, n, bound } = slice
  requirePartOf('slice events k of n', k, n)
  requireProbability('slice bound', bound)
  const sign = direction === 'up' ? 1 : -1
  const growth = direction === 'up' ? grid.up : grid.down
  const { tilts } = grid
  const increments: number[] = []
  for (let j = 0; j < tilts.length; j++) {
    increments.push(sign * (tilts[j] ?? 0) * k - n * Math.log1p(bound * (growth[j] ?? 0)))
  }
  return increments
}

/** `left + right`, element by element. */
export function addSums(left: readonly number[], right: readonly number[]): number[] {
  return left.map((value, j) => value + (right[j] ?? 0))
}

/**
 * The state after one more slice. Order and grouping of slices with one bound don't matter beyond rounding.
 * Throws a RangeError on impossible counts or a bound outside [0, 1].
 */
export function addSlice(state: TiltState, slice: TiltSlice): TiltState {
  const increments = tiltIncrements(tiltGrids[state.grid], state.direction, slice)
  return { ...state, sums: addSums(state.sums, increments) }
}

/** The state after several slices. */
export function addSlices(state: TiltState, slices: Iterable<TiltSlice>): TiltState {
  let next = state
  for (const slice of slices) next = addSlice(next, slice)
  return next
}

/** Adding e to this power to a number from 1 up changes no bit of it. */
const NEGLIGIBLE = -40

/** Log E of a grid's sums. `phi` divides the sums: effective counts k/phi and n/phi. */
export function sumsToLogE({ logWeights }: TiltGrid, sums: ArrayLike<number>, phi: number): number {
  // As `logSumExp` of the terms, without a list of them: it is asked for each start at each look.
  let largest = -Infinity
  for (let j = 0; j < logWeights.length; j++) {
    const term = (logWeights[j] ?? 0) + (sums[j] ?? 0) / phi
    if (term > largest) largest = term
  }
  if (!Number.isFinite(largest)) return largest
  let total = 0
  for (let j = 0; j < logWeights.length; j++) {
    const below = (logWeights[j] ?? 0) + (sums[j] ?? 0) / phi - largest
    if (below > NEGLIGIBLE) total += Math.exp(below)
  }
  return largest + Math.log(total)
}

/**
 * Natural log of the e-value: evidence against "in every slice the probability is within its bound".
 *
 * Source: exponential tilting mixed over a fixed grid (Robbins 1970; Howard, Ramdas, McAuliffe, Sekhon 2021, AoS
 * 49:1055).
 * Null: P(event) <= bound ('up') or >= bound ('down') in each slice, given the past.
 * Exact at phi = 1 for Bernoulli, binomial and hypergeometric counts and for fractional k that are means of [0, 1]
 * values: P(log E ever reaches log(1/alpha)) <= alpha, however often anyone looks. With phi > 1 (a design effect, Rao &
 * Scott 1992) asymptotic.
 */
export function tiltLogE(state: TiltState, phi = 1): number {
  requirePositive('design effect phi', phi)
  return sumsToLogE(tiltGrids[state.grid], state.sums, phi)
}
