import type { Json } from '@dimmer/engine'
import { type DirectoryBatch, unitIdsSchema } from '@dimmer/protocol'
import { type CsvRow, cellReader, readCsv, refuseLines } from '../../kernel/csv.ts'
import { AppError } from '../../kernel/errors.ts'

/** What one line stands for. */
export type CsvSubject = 'account' | 'user'

const idSchema = unitIdsSchema.valueType

/** Refuses lines without a usable id. */
function assertIds(rows: readonly CsvRow[], column: string): void {
  const bad = rows.flatMap(({ line, cells }) => {
    const read = idSchema.safeParse(cells[column] ?? '')
    const [issue] = read.error?.issues ?? []
    return issue === undefined ? [] : [{ line, message: `${column}: ${issue.message}` }]
  })
  refuseLines(bad, [`has no usable ${column}`, `have no usable ${column}`])
}

const idColumn = (columns: readonly string[], subject: CsvSubject): string => {
  const found = ['id', `${subject}Id`].find(name => columns.includes(name))
  if (found !== undefined) return found
  throw new AppError(
    'invalid-request',
    `The first line must name a column "id" or "${subject}Id"; it names: ${columns.join(', ')}.`,
  )
}

/**
 * The accounts or users of a CSV file. One column has the id, users may have one called accountId; each other column is an
 * attribute, an empty cell none.
 */
export async function readDirectoryCsv(body: Buffer, subject: CsvSubject): Promise<DirectoryBatch> {
  const rows = await readCsv(body)
  const columns = Object.keys(rows[0]?.cells ?? {})
  if (rows.length === 0)
    throw new AppError('invalid-request', 'The file has no lines below the one with the names of the columns.')
  const id = idColumn(columns, subject)
  assertIds(rows, id)
  const attributes = columns.filter(name => name !== id && name !== '' && !(subject === 'user' && name === 'accountId'))
  const readers = attributes.map(name => ({ name, read: cellReader(cellsOf(rows, name)) }))
  const units = rows.map(({ cells }) => ({
    id: cells[id] ?? '',
    attributes: attributesOf(cells, readers),
    ...(subject === 'user' &&
      cells.accountId !== undefined &&
      cells.accountId !== '' && { accountId: cells.accountId }),
  }))
  return subject === 'account' ? { accounts: units, users: [] } : { accounts: [], users: units }
}

function* cellsOf(rows: readonly CsvRow[], name: string): Iterable<string> {
  for (const { cells } of rows) yield cells[name] ?? ''
}

type Reader = { readonly name: string; readonly read: (cell: string) => Json }

function attributesOf(cells: Readonly<Record<string, string>>, readers: readonly Reader[]): Record<string, Json> {
  const filled = readers.flatMap(({ name, read }) => {
    const cell = cells[name]
    return cell === undefined || cell === '' ? [] : [[name, read(cell)] as const]
  })
  return Object.fromEntries(filled)
}
