import type { Tx } from '../../kernel/database.ts'
import { selectSegmentRows } from './segments-store.ts'

/** The segments that list a unit: 'the segment "pilots"'. */
export async function segmentsUsingUnit(tx: Tx, projectId: string, unit: string): Promise<readonly string[]> {
  const rows = await selectSegmentRows(tx, projectId)
  return rows
    .filter(({ definition: { list, exclude } }) => list?.unit === unit || exclude?.unit === unit)
    .map(({ key }) => `the segment "${key}"`)
}
