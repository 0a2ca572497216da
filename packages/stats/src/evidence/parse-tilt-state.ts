import { field } from '../json/field.ts'
import { isNumbers } from '../json/numbers.ts'
import type { TiltState } from './tilt.ts'
import { type TiltGridName, tiltGrids } from './tilt-grids.ts'

function isGridName(value: unknown): value is TiltGridName {
  return typeof value === 'string' && Object.hasOwn(tiltGrids, value)
}

/** Grid name and direction out of stored JSON; throws a TypeError naming `what` when they are not ours. */
export function parseTiltHeader(value: unknown, what: string): Pick<TiltState, 'grid' | 'direction'> {
  const grid = field(value, 'grid')
  const direction = field(value, 'direction')
  if (!isGridName(grid)) throw new TypeError(`${what}: unknown grid`)
  if (direction !== 'up' && direction !== 'down') throw new TypeError(`${what}: unknown direction`)
  return { grid, direction }
}

/**
 * Reads a `TiltState` back from stored JSON (a state is plain JSON, so `JSON.stringify` writes it, bit for bit).
 * Throws a TypeError when the value is not a state of a grid known here.
 */
export function parseTiltState(value: unknown): TiltState {
  const header = parseTiltHeader(value, 'tilt state')
  const sums = field(value, 'sums')
  if (!isNumbers(sums, tiltGrids[header.grid].tilts.length)) {
    throw new TypeError('tilt state: sums do not fit the grid')
  }
  return { ...header, sums }
}
