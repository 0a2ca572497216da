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
