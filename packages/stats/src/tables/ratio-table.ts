import { field } from '../json/field.ts'
import { isNumbers } from '../json/numbers.ts'
import type { RatioSlice } from '../rates/ratio.ts'

/**
 * Events of two groups, kept by how the exposure was divided: all that a ratio test needs to know, in a few hundred bytes.
 * Plain JSON, whole numbers only, so that any grouping of the same slices gives the same table.
 *
 * An epoch lies between two restarts. Its rows are flat quadruples: `low`, `span`, events in T, events in C; the log odds
 * T : C of these events' slices lay within `low` and `low + span` steps of `LOG_ODDS_STEP`.
 */
export interface RatioTable {
  /** How many times the evidence has started, dropped starts included. */
  readonly starts: number
  readonly epochs: readonly RatioEpoch[]
}

/** `start` is 1 for the first. */
export interface RatioEpoch {
  readonly start: number
  readonly rows: readonly number[]
}

/** Width of a row: half a percent of the odds. */
export const LOG_ODDS_STEP = 0.005

/** At most so many starts are remembered, and so many rows in each. */
const MOST_EPOCHS = 12
const MOST_ROWS = 4

/** Numbers per row. */
export const ROW = 4

interface Row {
  readonly low: number
  readonly span: number
  readonly kT: number
  readonly kC: number
}

/** The rows of an epoch as objects. */
function rowsOf({ rows }: RatioEpoch): Row[] {
  const found: Row[] = []
  for (let i = 0; i < rows.length; i += ROW) {
    found.push({ low: rows[i] ?? 0, span: rows[i + 1] ?? 0, kT: rows[i + 2] ?? 0, kC: rows[i + 3] ?? 0 })
  }
  return found
}

function flat(rows: readonly Row[]): number[] {
  const all: number[] = []
  for (const { low, span, kT, kC } of rows) all.push(low, span, kT, kC)
  return all
}

function joined(a: Row, b: Row): Row {
  const low = Math.min(a.low, b.low)
  const high = Math.max(a.low + a.span, b.low + b.span)
  return { low, span: high - low, kT: a.kT + b.kT, kC: a.kC + b.kC }
}

const blur = ({ span, kT, kC }: Row): number => span * (kT + kC)

/** Joins the neighbours that lose least until few enough are left. */
function capped(rows: readonly Row[]): Row[] {
  const left = [...rows].sort((a, b) => a.low - b.low || a.span - b.span)
  while (left.length > MOST_ROWS) {
    let best = { at: 0, loss: Infinity, row: left[0] }
    for (let at = 0; at + 1 < left.length; at++) {
      const [a, b] = [left[at], left[at + 1]]
      if (!a || !b) continue
      const row = joined(a, b)
      const loss = blur(row) - blur(a) - blur(b)
      if (loss < best.loss) best = { at, loss, row }
    }
    if (best.row) left.splice(best.at, 2, best.row)
  }
  return left
}

/** Where a row begins within which this one lies; undefined: there is none. */
function placeOf({ rows }: RatioEpoch, { low, span }: Row): number | undefined {
  for (let i = 0; i < rows.length; i += ROW) {
    const known = rows[i] ?? 0
    if (low >= known && low + span <= known + (rows[i + 1] ?? 0)) return i
  }
  return undefined
}

function withRow(epoch: RatioEpoch, row: Row): RatioEpoch {
  const place = placeOf(epoch, row)
  if (place === undefined) return { start: epoch.start, rows: flat(capped([...rowsOf(epoch), row])) }
  const rows = [...epoch.rows]
  rows[place + 2] = (rows[place + 2] ?? 0) + row.kT
  rows[place + 3] = (rows[place + 3] ?? 0) + row.kC
  return { start: epoch.start, rows }
}

/** A table that has seen nothing. */
export function startTable(): RatioTable {
  return { starts: 1, epochs: [{ start: 1, rows: [] }] }
}

/**
 * The table after one more slice. A slice without events, or in which one group has no exposure, changes nothing. Events
 * must be whole numbers, exposures finite and not negative; throws a RangeError otherwise.
 */
export function addToTable(table: RatioTable, { kT, kC, exposureT, exposureC }: RatioSlice): RatioTable {
  if (!(Number.isSafeInteger(kT) && kT >= 0 && Number.isSafeInteger(kC) && kC >= 0)) {
    throw new RangeError(`events must be whole numbers from 0 up, got ${kT} and ${kC}`)
  }
  if (!(exposureT >= 0 && exposureC >= 0 && exposureT + exposureC < Infinity)) {
    throw new RangeError(`exposures must be finite and at least 0, got ${exposureT} and ${exposureC}`)
  }
  if (kT + kC === 0 || exposureT === 0 || exposureC === 0) return table
  const low = Math.floor(Math.log(exposureT / exposureC) / LOG_ODDS_STEP)
  const last = table.epochs.at(-1) ?? { start: table.starts, rows: [] }
  return { ...table, epochs: [...table.epochs.slice(0, -1), withRow(last, { low, span: 1, kT, kC })] }
}

/** Which start to forget: the one whose neighbours lie closest in proportion to their age. Never the first or the last. */
function leastMissed(epochs: readonly RatioEpoch[], starts: number): number {
  let best = { at: 1, gap: Infinity }
  for (let at = 1; at + 1 < epochs.length; at++) {
    const before = epochs[at - 1]?.start ?? 0
    const gap = ((epochs[at + 1]?.start ?? 0) - before) / (starts + 1 - before)
    if (gap < best.gap) best = { at, gap }
  }
  return best.at
}

function forget(epochs: readonly RatioEpoch[], at: number): RatioEpoch[] {
  const [before, gone] = [epochs[at - 1], epochs[at]]
  if (!before || !gone) return [...epochs]
  const merged = rowsOf(gone).reduce(withRow, before)
  return [...epochs.slice(0, at - 1), merged, ...epochs.slice(at + 1)]
}

/**
 * Begins afresh beside what there is, so that harm which begins late is noticed soon. Do it at times that don't depend on
 * the data. Beyond 12 starts the least useful one is forgotten, which costs speed and never validity.
 */
export function restartTable(table: RatioTable): RatioTable {
  const starts = table.starts + 1
  const epochs = [...table.epochs, { start: starts, rows: [] }]
  return { starts, epochs: epochs.length > MOST_EPOCHS ? forget(epochs, leastMissed(epochs, starts)) : epochs }
}

/** The slices from one of its epochs on (default: all), as rows with the middle of their odds, for estimates and bounds. */
export function tableSlices(table: RatioTable, from = 0): RatioSlice[] {
  const byOdds = new Map<number, RatioSlice>()
  for (const { low, span, kT, kC } of table.epochs.slice(from).flatMap(rowsOf)) {
    const middle = low + span / 2
    const known = byOdds.get(middle)
    const exposureT = Math.exp(middle * LOG_ODDS_STEP)
    byOdds.set(middle, { kT: (known?.kT ?? 0) + kT, kC: (known?.kC ?? 0) + kC, exposureT, exposureC: 1 })
  }
  return [...byOdds.values()]
}

/**
 * `ratioEstimate` of the slices from one of its epochs on (default: all), each at the middle of its row's odds; and how
 * many events it rests on.
 */
export function tableEstimate(table: RatioTable, from = 0): { readonly ratio: number | null; readonly events: number } {
  let [top, bottom, events] = [0, 0, 0]
  for (let at = from; at < table.epochs.length; at++) {
    const rows = table.epochs[at]?.rows ?? []
    for (let i = 0; i < rows.length; i += ROW) {
      const middle = (rows[i] ?? 0) + (rows[i + 1] ?? 0) / 2
      const [kT, kC] = [rows[i + 2] ?? 0, rows[i + 3] ?? 0]
      const shareT = 1 / (1 + Math.exp(-middle * LOG_ODDS_STEP))
      top += kT * (1 - shareT)
      bottom += kC * shareT
      events += kT + kC
    }
  }
  return { ratio: top === 0 && bottom === 0 ? null : top / bottom, events }
}

/** Reads a table back from stored JSON. Throws a TypeError when the value is not one. */
export function parseRatioTable(value: unknown): RatioTable {
  const starts = field(value, 'starts')
  const epochs: unknown = field(value, 'epochs')
  if (!Number.isSafeInteger(starts) || !Array.isArray(epochs) || epochs.length === 0) {
    throw new TypeError('ratio table: no starts and epochs')
  }
  return { starts: Number(starts), epochs: epochs.map(parseEpoch) }
}

function parseEpoch(value: unknown): RatioEpoch {
  const start = field(value, 'start')
  const rows: unknown = field(value, 'rows')
  if (
    !Number.isSafeInteger(start) ||
    !Array.isArray(rows) ||
    !isNumbers(rows, rows.length) ||
    rows.length % ROW !== 0
  ) {
    throw new TypeError('ratio table: an epoch is malformed')
  }
  return { start: Number(start), rows }
}
