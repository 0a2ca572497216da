import { expect, it } from 'vitest'
import { cellReader, readCsv, refuseLines } from './csv.ts'
import { AppError } from './errors.ts'

const read = (text: string) => readCsv(Buffer.from(text))

it('reads quoted cells, line breaks in them, and a byte order mark', async () => {
  expect(await read('\ufeffid,name\nacc-1,"Nordlicht, ""Berlin""\nGmbH"\nacc-2,Ada\n')).toEqual([
    { line: 3, cells: { id: 'acc-1', name: 'Nordlicht, "Berlin"\nGmbH' } },
    { line: 4, cells: { id: 'acc-2', name: 'Ada' } },
  ])
})

it.each([';', '\t', ','])('finds out that cells are divided by %j', async delimiter => {
  const rows = await read(`${['id', 'plan'].join(delimiter)}\n${['acc-1', 'pro'].join(delimiter)}`)
  expect(rows.map(row => row.cells)).toEqual([{ id: 'acc-1', plan: 'pro' }])
})

it('names the line that has too few cells', async () => {
  await expect(read('id,plan\nacc-1,pro\nacc-2\n')).rejects.toThrow(/line 3/)
})

it('refuses a column that is there twice, and what is not UTF-8', async () => {
  await expect(read('id,plan,id\n1,2,3')).rejects.toThrow('The column "id" is there twice.')
  await expect(readCsv(Buffer.from([0x69, 0x64, 0x0a, 0xe9]))).rejects.toThrow(/UTF-8/)
})

it('takes a column for numbers only if all of it is', () => {
  expect(['7', '-1.5'].map(cellReader(['7', '-1.5', '']))).toEqual([7, -1.5])
  expect(['7', '0123'].map(cellReader(['7', '0123']))).toEqual(['7', '0123'])
  expect(['12345678901234567'].map(cellReader(['12345678901234567']))).toEqual(['12345678901234567'])
  expect(['TRUE', 'false'].map(cellReader(['TRUE', 'false']))).toEqual([true, false])
})

it.each([
  [0, undefined, 0],
  [1, '1 line has no id, nothing was taken. See the docs.', 1],
  [20, '20 lines have no id, nothing was taken. See the docs.', 20],
  [1_204, '1,204 lines have no id, nothing was taken; the first 20 are named. See the docs.', 20],
])('refuses a file for %i lines, and says so when not all are named', (count, message, named) => {
  const lines = Array.from({ length: count }, (_, index) => ({ line: index + 2, message: 'id: must not be empty' }))
  let refusal: AppError | undefined
  try {
    refuseLines(lines, ['has no id', 'have no id', 'See the docs.'])
  } catch (error) {
    if (error instanceof AppError) refusal = error
  }
  expect(refusal?.message).toBe(message)
  expect(refusal?.details ?? []).toHaveLength(named)
  if (count > 0) expect(refusal?.details[0]).toEqual({ path: 'line 2', message: 'id: must not be empty' })
})
