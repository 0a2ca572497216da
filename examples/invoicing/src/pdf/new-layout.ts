/** How the new engine deals the lines of an invoice over pages. */
import { type Invoice, type LineItem, lineTotal } from '../population/invoices.ts'

/** Releases of the new engine. */
export type EngineRelease = '2.0.0' | '2.0.1'

export type Row =
  | { readonly kind: 'line'; readonly line: LineItem; readonly index: number }
  | { readonly kind: 'carried'; readonly sum: number; readonly part: number }

export interface LaidOutPage {
  readonly isFirst: boolean
  readonly rows: readonly Row[]
}

/** Long tables come in parts of so many lines; each part after the first opens with the sum carried over. */
const LINES_PER_PART = 200
const ROWS_ON_FIRST_PAGE = 38
const ROWS_PER_PAGE = 46

interface Part {
  number: number
  lines: number
}

const openNextPart: Readonly<Record<EngineRelease, (part: Part) => void>> = {
  // Leaves the count of the full part standing, so the part it opens is full at once, as is every one after it:
  // an invoice of more than 200 lines gets pages without end.
  '2.0.0': part => {
    part.number += 1
  },
  '2.0.1': part => {
    part.number += 1
    part.lines = 0
  },
}

/** Deals the lines over pages, one page at a time, so that the caller can stop in between. */
export function* layOutPages(invoice: Invoice, release: EngineRelease): Generator<LaidOutPage, void, void> {
  /** What is still to be placed, the next row last. */
  const waiting: Row[] = invoice.lines.map((line, index): Row => ({ kind: 'line', line, index })).reverse()
  const part: Part = { number: 1, lines: 0 }
  let sum = 0
  let isFirst = true
  let rows: Row[] = []
  for (let row = waiting.pop(); row; row = waiting.pop()) {
    const partIsFull = row.kind === 'line' && part.lines === LINES_PER_PART
    if (partIsFull || rows.length === (isFirst ? ROWS_ON_FIRST_PAGE : ROWS_PER_PAGE)) {
      yield { isFirst, rows }
      isFirst = false
      rows = []
    }
    if (partIsFull) {
      openNextPart[release](part)
      waiting.push(row, { kind: 'carried', sum, part: part.number })
      continue
    }
    rows.push(row)
    if (row.kind === 'line') {
      part.lines += 1
      sum += lineTotal(row.line)
    }
  }
  yield { isFirst, rows }
}
