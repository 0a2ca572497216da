import { logStartShare, logUnstarted } from '../evidence/start-shares.ts'
import { type Direction, sumsToLogE } from '../evidence/tilt.ts'
import { type TiltGridName, tiltGrids } from '../evidence/tilt-grids.ts'
import { requirePositive } from '../numeric/checks.ts'
import { logSumExp } from '../numeric/log-sum-exp.ts'
import { LOG_ODDS_STEP, type RatioEpoch, type RatioTable, ROW } from './ratio-table.ts'

/** Ratio of the null (default 1), grid (default `G24`), direction (default `up`), design effect (default 1). */
export interface TableTest {
  readonly r0?: number
  readonly grid?: TiltGridName
  readonly direction?: Direction
  readonly phi?: number
}

type Kept = Readonly<Record<TiltGridName, Map<number, Float64Array>>>
const keep = (): Kept => ({ G24: new Map(), G_MILD: new Map(), G_SEV: new Map(), G_FINE: new Map() })
/** `log(1 - th + th e^(+-tilt))` per tilt for odds of so many steps: asked again at each look, so kept. */
const normalisers: Readonly<Record<Direction, Kept>> = { up: keep(), down: keep() }
const MOST_KEPT = 20_000

function normaliserOf(grid: TiltGridName, direction: Direction, step: number): Float64Array {
  const kept = normalisers[direction][grid]
  const known = kept.get(step)
  if (known) return known
  if (kept.size >= MOST_KEPT) kept.clear()
  const bound = 1 / (1 + Math.exp(-step * LOG_ODDS_STEP))
  const made = Float64Array.from(tiltGrids[grid][direction], growth => Math.log1p(bound * growth))
  kept.set(step, made)
  return made
}

interface Kernel {
  readonly grid: TiltGridName
  readonly direction: Direction
  readonly shift: number
  readonly phi: number
}

/** Adds an epoch's rows to the sums, at the edge of each row's odds at which they prove least. */
function addEpoch(sums: Float64Array, { rows }: RatioEpoch, { grid, direction, shift }: Kernel): void {
  const up = direction === 'up'
  const { tilts } = tiltGrids[grid]
  for (let i = 0; i < rows.length; i += ROW) {
    const low = rows[i] ?? 0
    const span = rows[i + 1] ?? 0
    const kT = rows[i + 2] ?? 0
    const n = kT + (rows[i + 3] ?? 0)
    const normaliser = normaliserOf(grid, direction, (up ? low + span : low) + shift)
    const signed = up ? kT : -kT
    for (let j = 0; j < tilts.length; j++) {
      sums[j] = (sums[j] ?? 0) + (tilts[j] ?? 0) * signed - n * (normaliser[j] ?? 0)
    }
  }
}

function kernelOf({ r0 = 1, grid = 'G24', direction = 'up', phi = 1 }: TableTest): Kernel {
  requirePositive('ratio r0', r0)
  requirePositive('design effect phi', phi)
  const steps = Math.log(r0) / LOG_ODDS_STEP
  return { grid, direction, phi, shift: direction === 'up' ? Math.ceil(steps) : Math.floor(steps) }
}

/**
 * Log E of the ratio of two rates over all slices of a table, without restarts.
 *
 * Source and null as in `ratioLogE`; never above it, because each row counts at the end of its odds that proves least (half a
 * percent of the odds, more where rows were joined). So exact where that is: the chance to ever reach log(1/alpha) is at
 * most alpha.
 */
export function tableLogE(table: RatioTable, test: TableTest = {}): number {
  const kernel = kernelOf(test)
  const grid = tiltGrids[kernel.grid]
  const sums = new Float64Array(grid.tilts.length)
  for (const epoch of table.epochs) addEpoch(sums, epoch, kernel)
  return sumsToLogE(grid, sums, kernel.phi)
}

/**
 * The same with fresh starts: `0.9 E(1) + sum over later starts k of 0.1 E(k) / (k (k - 1)) + what is not started yet`.
 *
 * Source: e-detectors (Shin, Ramdas, Rinaldo 2024), with fixed weights that favour harm from the beginning. Null and
 * exactness as in `tableLogE`; a forgotten start takes its share with it.
 */
export function restartedLogE(table: RatioTable, test: TableTest = {}): number {
  return restartedEvidence(table, test).logE
}

/** `restartedLogE`, and the epoch (index into the table's) whose start proves most: since when it has been so. */
export function restartedEvidence(table: RatioTable, test: TableTest = {}): { logE: number; since: number } {
  const kernel = kernelOf(test)
  const grid = tiltGrids[kernel.grid]
  const sums = new Float64Array(grid.tilts.length)
  const terms = [logUnstarted(table.starts)]
  let [ofSums, most, best] = [0, -Infinity, 0]
  for (let since = table.epochs.length - 1; since >= 0; since--) {
    const epoch = table.epochs[since]
    if (!epoch) continue
    addEpoch(sums, epoch, kernel)
    if (epoch.rows.length > 0) ofSums = sumsToLogE(grid, sums, kernel.phi)
    const logE = logStartShare(epoch.start) + ofSums
    terms.push(logE)
    if (logE > most) [most, best] = [logE, since]
  }
  return { logE: logSumExp(terms), since: best }
}
