import type { Direction } from '../evidence/tilt.ts'
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

type Kept = Readonly<Record<TiltGridName, Map<number, readonly number[]>>>
const keep = (): Kept => ({ G24: new Map(), G_MILD: new Map(), G_SEV: new Map(), G_FINE: new Map() })
/** `log(1 - th + th e^(+-tilt))` per tilt for odds of so many steps: asked again at each look, so kept. */
const normalisers: Readonly<Record<Direction, Kept>> = { up: keep(), down: keep() }
const MOST_KEPT = 20_000

function normaliserOf(grid: TiltGridName, direction: Direction, step: number): readonly number[] {
  const kept = normalisers[direction][grid]
  const known = kept.get(step)
  if (known) return known
  if (kept.size >= MOST_KEPT) kept.clear()
  const bound = 1 / (1 + Math.exp(-step * LOG_ODDS_STEP))
  const made = tiltGrids[grid][direction].map(growth => Math.log1p(bound * growth))
  kept.set(step, made)
  return made
}

/** What is kept for later starts. */
const LATER = 0.1

/** The first start gets most of the wealth, the k-th one `LATER / (k (k - 1))`; the rest waits. */
const logShare = (start: number): number => Math.log(start === 1 ? 1 - LATER : LATER / (start * (start - 1)))

interface Kernel {
  readonly grid: TiltGridName
  readonly direction: Direction
  readonly shift: number
}

/** Adds an epoch's rows to the sums, at the edge of each row's odds at which they prove least. */
function addEpoch(sums: number[], { rows }: RatioEpoch, { grid, direction, shift }: Kernel): void {
  const sign = direction === 'up' ? 1 : -1
  const { tilts } = tiltGrids[grid]
  for (let i = 0; i < rows.length; i += ROW) {
    const low = rows[i] ?? 0
    const span = rows[i + 1] ?? 0
    const kT = rows[i + 2] ?? 0
    const kC = rows[i + 3] ?? 0
    const normaliser = normaliserOf(grid, direction, (direction === 'up' ? low + span : low) + shift)
    const n = kT + kC
    for (let j = 0; j < sums.length; j++) {
      sums[j] = (sums[j] ?? 0) + sign * (tilts[j] ?? 0) * kT - n * (normaliser[j] ?? 0)
    }
  }
}

function kernelOf({ r0 = 1, grid = 'G24', direction = 'up' }: TableTest): Kernel {
  requirePositive('ratio r0', r0)
  const steps = Math.log(r0) / LOG_ODDS_STEP
  return { grid, direction, shift: direction === 'up' ? Math.ceil(steps) : Math.floor(steps) }
}

function logEOf(sums: readonly number[], grid: TiltGridName, phi: number): number {
  const { logWeights } = tiltGrids[grid]
  return logSumExp(logWeights.map((logWeight, j) => logWeight + (sums[j] ?? 0) / phi))
}

/**
 * Log E of the ratio of two rates over all slices of a table, without restarts.
 *
 * Source and null as in `ratioLogE`; never above it, because each row counts at the end of its odds that proves least (half a
 * percent of the odds, more where rows were joined). So exact where that is: the chance to ever reach log(1/alpha) is at
 * most alpha.
 */
export function tableLogE(table: RatioTable, test: TableTest = {}): number {
  const { phi = 1 } = test
  requirePositive('design effect phi', phi)
  const kernel = kernelOf(test)
  const sums = tiltGrids[kernel.grid].tilts.map(() => 0)
  for (const epoch of table.epochs) addEpoch(sums, epoch, kernel)
  return logEOf(sums, kernel.grid, phi)
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
  const { phi = 1 } = test
  requirePositive('design effect phi', phi)
  const kernel = kernelOf(test)
  const sums = tiltGrids[kernel.grid].tilts.map(() => 0)
  const terms = [Math.log(LATER / table.starts)]
  let best = { since: 0, logE: -Infinity }
  for (let since = table.epochs.length - 1; since >= 0; since--) {
    const epoch = table.epochs[since]
    if (!epoch) continue
    addEpoch(sums, epoch, kernel)
    const logE = logShare(epoch.start) + logEOf(sums, kernel.grid, phi)
    terms.push(logE)
    if (logE > best.logE) best = { since, logE }
  }
  return { logE: logSumExp(terms), since: best.since }
}
