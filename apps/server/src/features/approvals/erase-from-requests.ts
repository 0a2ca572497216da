import { sql } from 'kysely'
import type { Tx } from '../../kernel/database.ts'
import { hideText } from '../../kernel/hide-text.ts'

interface Named {
  readonly id: string
  readonly title: string
  readonly status: string
  readonly before: unknown
  readonly after: unknown
  readonly list_changes: unknown
  readonly segment_parts: unknown
}

/** The requests of a project whose change has one of the ids somewhere in it. */
async function requestsWith(tx: Tx, projectId: string, ids: readonly string[]): Promise<readonly Named[]> {
  const needles = ids.map(id => JSON.stringify(id).slice(1, -1))
  const { rows } = await sql<Named>`
    select id, title, status, before, after, list_changes, segment_parts from change_requests
    where project_id = ${projectId} and exists (
      select 1 from unnest(${needles}::text[]) needle
      where strpos(concat(before::text, after::text, list_changes::text, segment_parts::text), needle) > 0
    )
    order by created_at for update`.execute(tx)
  return rows
}

const isOver = ({ status }: Named): boolean => status === 'applied' || status === 'cancelled'

/**
 * Takes ids out of the change requests of a project that are over, and names those that are not: these are what people
 * ask for, as rules and lists are, and stay as they were written.
 */
export async function eraseFromRequests(
  tx: Tx,
  { projectId, ids }: { readonly projectId: string; readonly ids: readonly string[] },
): Promise<{ readonly requests: number; readonly stillNamedIn: readonly string[] }> {
  const hidden = new Set(ids)
  const without = (row: Named) =>
    JSON.stringify(hideText([row.before, row.after, row.list_changes, row.segment_parts], hidden))
  const found = (await requestsWith(tx, projectId, ids)).filter(
    row => without(row) !== JSON.stringify([row.before, row.after, row.list_changes, row.segment_parts]),
  )
  const over = found.filter(isOver)
  for (const row of over) {
    await sql`
      update change_requests set before = left_over -> 0, after = left_over -> 1, list_changes = left_over -> 2
      from (select ${without(row)}::jsonb as left_over) erased where id = ${row.id}`.execute(tx)
  }
  return {
    requests: over.length,
    stillNamedIn: found.filter(row => !isOver(row)).map(({ title }) => `the change request "${title}"`),
  }
}
