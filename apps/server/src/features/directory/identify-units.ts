import { type Json, withoutAttributes } from '@dimmer/engine'
import { sql } from 'kysely'
import type { Tx } from '../../kernel/database.ts'
import { holdPrivateAttributes } from '../projects/index.ts'

/** What an SDK has told about one context. `at` in epoch ms. */
export interface Identified {
  readonly at: number
  readonly units: Readonly<Record<string, string>>
  readonly attributes: Readonly<Record<string, Json>>
}

interface DirectoryEntry {
  readonly unit: string
  readonly unit_id: string
  readonly attributes: Readonly<Record<string, Json>>
  readonly at: string
}

/**
 * Attributes describe the narrowest unit that was named: the user if there is one, else the account, else whatever is
 * there. A user's account is kept as its attribute; wider units are made known without attributes.
 */
function directoryEntries({ at, units, attributes }: Identified): readonly DirectoryEntry[] {
  const narrowest = ['user', 'account'].find(unit => Object.hasOwn(units, unit)) ?? Object.keys(units)[0]
  return Object.entries(units).map(([unit, unit_id]) => {
    const own = unit === narrowest ? attributes : {}
    const account = unit === 'user' && units.account !== undefined ? { accountId: units.account } : {}
    return { unit, unit_id, attributes: { ...own, ...account }, at: new Date(at).toISOString() }
  })
}

/** Private attributes are left out. Later words win, attribute by attribute; the order of keys keeps two writers from blocking each other. */
export async function identifyUnits(tx: Tx, projectId: string, identified: readonly Identified[]): Promise<void> {
  if (identified.length === 0) return
  const hidden = await holdPrivateAttributes(tx, projectId)
  const latest = new Map<string, DirectoryEntry>()
  const open = identified.map(one => ({ ...one, attributes: withoutAttributes(one.attributes, hidden) }))
  for (const entry of open.flatMap(directoryEntries)) {
    const key = `${entry.unit}\n${entry.unit_id}`
    const known = latest.get(key)
    latest.set(key, known ? { ...entry, attributes: { ...known.attributes, ...entry.attributes } } : entry)
  }
  if (latest.size === 0) return
  const rows = [...latest.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry)
  await sql`
    insert into directory_units (project_id, unit, unit_id, attributes, first_seen_at, updated_at)
    select ${projectId}, r.unit, r.unit_id, r.attributes, r.at, r.at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(unit text, unit_id text, attributes jsonb, at timestamptz)
    on conflict (project_id, unit, unit_id) do update set
      attributes = directory_units.attributes || excluded.attributes,
      updated_at = greatest(directory_units.updated_at, excluded.updated_at)`.execute(tx)
}
