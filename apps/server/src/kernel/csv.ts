import type { ErrorDetail } from '@dimmer/protocol'
import { CsvError, parse } from 'csv-parse'
import { AppError } from './errors.ts'

/** One row of a CSV file with the names of its columns. */
export interface CsvRow {
  /** Line of the file, from 1. */
  readonly line: number
  readonly cells: Readonly<Record<string, string>>
}

/**
 * Reads CSV (RFC 4180; UTF-8, with or without a byte order mark; commas, semicolons or tabs, whichever the first line
 * has most of). The first line names the columns. Refuses with `invalid-request`, naming the line.
 */
export async function readCsv(body: Buffer): Promise<readonly CsvRow[]> {
  const rows: CsvRow[] = []
  try {
    const records: AsyncIterable<{ record: Record<string, string>; info: { lines: number } }> = parse(textOf(body), {
      bom: true,
      columns: header => columnsOf(header),
      delimiter: delimiterOf(body),
      info: true,
      skip_empty_lines: true,
      trim: true,
    })
    for await (const { record, info } of records) rows.push({ line: info.lines, cells: record })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new AppError('invalid-request', `The file is not valid CSV: ${error.message}`)
  }
  return rows
}

function textOf(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch (cause) {
    throw new AppError('invalid-request', 'The file is not valid UTF-8. Save it as "CSV UTF-8".', { cause })
  }
}

function columnsOf(header: readonly string[]): string[] {
  const twice = header.find((name, index) => header.indexOf(name) !== index)
  if (twice !== undefined) throw new AppError('invalid-request', `The column "${twice}" is there twice.`)
  return [...header]
}

/** Spreadsheets of many countries write semicolons. */
function delimiterOf(body: Buffer): string {
  const end = body.indexOf('\n')
  const first = body.subarray(0, end === -1 ? undefined : end).toString('utf8')
  const count = (delimiter: string) => first.split(delimiter).length
  return [',', ';', '\t'].reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best))
}

/** Of the lines that are refused, so many are named. */
const MOST_NAMED = 20

/**
 * Refuses a file for some of its lines: all or nothing is taken, so that nobody has to find out what was. `words`: what is
 * said of one such line, of several, and for help.
 */
export function refuseLines(
  lines: readonly { readonly line: number; readonly message: string }[],
  words: readonly [one: string, many: string, help?: string],
): void {
  if (lines.length === 0) return
  const [one, many, help] = words
  const said = lines.length === 1 ? `1 line ${one}` : `${lines.length.toLocaleString('en')} lines ${many}`
  const named = lines.length > MOST_NAMED ? `; the first ${MOST_NAMED} are named` : ''
  const details: ErrorDetail[] = lines
    .slice(0, MOST_NAMED)
    .map(({ line, message }) => ({ path: `line ${line}`, message }))
  const sentences = [`${said}, nothing was taken${named}.`, ...(help === undefined ? [] : [help])]
  throw new AppError('invalid-request', sentences.join(' '), { details })
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/

type Cell = string | number | boolean

/** How a whole column reads: as numbers or true/false only if every cell that is filled is one, so that "0123" stays text. */
export function cellReader(cells: Iterable<string>): (cell: string) => Cell {
  const filled = [...cells].filter(cell => cell !== '')
  if (filled.length === 0) return cell => cell
  if (filled.every(cell => NUMBER.test(cell) && cell.length <= 15)) return Number
  if (filled.every(cell => /^(?:true|false)$/i.test(cell))) return cell => cell.toLowerCase() === 'true'
  return cell => cell
}
