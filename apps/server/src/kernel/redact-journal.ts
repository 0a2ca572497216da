import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import { canonicalJson } from './canonical-json.ts'
import type { Tx } from './database.ts'
import { hideText } from './hide-text.ts'

/** Whom the journal is to forget. */
export interface Forgotten {
  readonly projectId: string
  readonly ids: readonly string[]
  /** The key of the entry that will say so: see `erasureReference`. */
  readonly reference: string
}

/**
 * How the journal names one who was erased: always the same for the same one, and of no use to anybody who can't read the
 * installation's key.
 */
export async function erasureReference(
  tx: Tx,
  { projectId, unit, id }: { readonly projectId: string; readonly unit: string; readonly id: string },
): Promise<string> {
  const { rows } = await sql<{ key: Buffer }>`select key from erasure_key`.execute(tx)
  const [row] = rows
  if (row === undefined) throw new Error('the database has lost its erasure key')
  return createHmac('sha256', row.key)
    .update(canonicalJson([projectId, unit, id]), 'utf8')
    .digest('hex')
    .slice(0, 32)
}

interface Mention {
  readonly id: number
  readonly seq: number
  readonly details: string
}

/**
 * Takes ids out of the details of a project's entries. Gives the places of these entries: an entry that redacts them has
 * to follow in the same transaction, or the journal doesn't verify any more.
 */
export async function redactJournal(tx: Tx, { projectId, ids, reference }: Forgotten): Promise<readonly number[]> {
  const needles = ids.map(id => JSON.stringify(id).slice(1, -1))
  const { rows } = await sql<Mention>`
    select id, seq, details from journal
    where project_id = ${projectId} and seq is not null and details is not null
      and exists (select 1 from unnest(${needles}::text[]) needle where strpos(details, needle) > 0)
    order by seq for update`.execute(tx)
  const hidden = new Set(ids)
  const places: number[] = []
  for (const { id, seq, details } of rows) {
    const left = canonicalJson(hideText(JSON.parse(details), hidden))
    if (left === details) continue
    // Without its salt nobody can find out by trying what stood there.
    await sql`update journal set details = ${left}, details_salt = null, redaction = ${reference}
      where id = ${id}`.execute(tx)
    places.push(seq)
  }
  return places
}
