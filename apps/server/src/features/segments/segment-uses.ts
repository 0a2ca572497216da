import { type SegmentKey, segmentsOf } from '@dimmer/engine'
import type { SegmentUse } from '@dimmer/protocol'
import type { Db, Tx } from '../../kernel/database.ts'
import { namesAny } from '../../kernel/names-any.ts'
import { groupUses, type SegmentUses } from './segments-rules.ts'
import { type SegmentRow, selectSegmentRows, selectSegmentsListing } from './segments-store.ts'

/** Gives the rules that name segments; flags know. */
export type FindUsesInRules = (
  db: Db | Tx,
  projectId: string,
) => Promise<readonly { readonly segment: SegmentKey; readonly use: SegmentUse }[]>

/** The segments that list a unit: 'the segment "pilots"'. */
export async function segmentsUsingUnit(tx: Tx, projectId: string, unit: string): Promise<readonly string[]> {
  const rows = await selectSegmentRows(tx, projectId)
  return rows
    .filter(({ definition: { list, exclude } }) => list?.unit === unit || exclude?.unit === unit)
    .map(({ key }) => `the segment "${key}"`)
}

/** The segments that name one of these ids, in a list or a condition: 'the segment "pilots"'. */
export async function segmentsNaming(tx: Tx, projectId: string, ids: readonly string[]): Promise<readonly string[]> {
  const listed = new Set(await selectSegmentsListing(tx, projectId, ids))
  return (await selectSegmentRows(tx, projectId))
    .filter(({ key, definition }) => listed.has(key) || namesAny(definition.when, ids))
    .map(({ key }) => `the segment "${key}"`)
}

const usesInSegments = (rows: readonly SegmentRow[]) =>
  rows.flatMap(({ key, definition }) =>
    [...new Set(segmentsOf(definition.when))].map(segment => ({
      segment,
      use: { kind: 'segment', segment: key } as const,
    })),
  )

/** What names each segment of a project: rules, and other segments. */
export async function usesOfSegments(db: Db | Tx, projectId: string, inRules: FindUsesInRules): Promise<SegmentUses> {
  const rows = await selectSegmentRows(db, projectId)
  return groupUses([...(await inRules(db, projectId)), ...usesInSegments(rows)])
}
