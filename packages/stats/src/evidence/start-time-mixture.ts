import { field } from '../json/field.ts'
import { isNumbers } from '../json/numbers.ts'
import { requirePositive } from '../numeric/checks.ts'
import { logSumExp } from '../numeric/log-sum-exp.ts'
import { parseTiltHeader } from './parse-tilt-state.ts'
import {
  addSums,
  type Direction,
  noSums,
  sumsToLogE,
  type TiltOptions,
  type TiltSlice,
  tiltIncrements,
} from './tilt.ts'
import { type TiltGridName, tiltGrids } from './tilt-grids.ts'

/** The sums of each copy, oldest first. Plain JSON; about 200 bytes in memory per copy of `G24`. */
export type StartTimeMixture = {
  readonly grid: TiltGridName
  readonly direction: Direction
  readonly copies: readonly (readonly number[])[]
}

/** A mixture with its first copy, which has seen nothing. */
export function startMixture({ grid = 'G24', direction = 'up' }: TiltOptions = {}): StartTimeMixture {
  return { grid, direction, copies: [noSums(grid)] }
}

/**
 * Starts one more copy, which sees only later slices. Do it at the start of each stage and every 5 to 60 minutes, at
 * times that don't depend on the data. The caller decides how many copies a rollout may keep; not restarting costs
 * speed, never validity.
 */
export function restartMixture(state: StartTimeMixture): StartTimeMixture {
  return { ...state, copies: [...state.copies, noSums(state.grid)] }
}

/** Every running copy sees the slice. Throws a RangeError on an impossible slice. */
export function addSliceToMixture(state: StartTimeMixture, slice: TiltSlice): StartTimeMixture {
  const increments = tiltIncrements(tiltGrids[state.grid], state.direction, slice)
  return { ...state, copies: state.copies.map(sums => addSums(sums, increments)) }
}

/**
 * Log of `sum_k E(k) / (k (k + 1)) + 1 / (K + 1)` over the K copies: notices a regression that begins late almost as
 * fast as one that was there from the start, at the same false alarm level. The last term is the wealth of copies not
 * yet started.
 *
 * Source: e-detectors (Shin, Ramdas, Rinaldo 2024), used here as one e-process. Null, exactness and `phi` as in
 * `tiltLogE`.
 */
export function mixtureLogE(state: StartTimeMixture, phi = 1): number {
  requirePositive('design effect phi', phi)
  const grid = tiltGrids[state.grid]
  const started = state.copies.map((sums, index) => {
    const k = index + 1
    return sumsToLogE(grid, sums, phi) - Math.log(k * (k + 1))
  })
  return logSumExp([...started, -Math.log(state.copies.length + 1)])
}

/** Reads a mixture back from stored JSON. Throws a TypeError when the value is not one. */
export function parseMixture(value: unknown): StartTimeMixture {
  const header = parseTiltHeader(value, 'start-time mixture')
  const length = tiltGrids[header.grid].tilts.length
  const copies: unknown = field(value, 'copies')
  if (!Array.isArray(copies) || copies.length === 0) throw new TypeError('start-time mixture: no copies')
  if (!copies.every(sums => isNumbers(sums, length))) {
    throw new TypeError('start-time mixture: sums do not fit the grid')
  }
  return { ...header, copies }
}
