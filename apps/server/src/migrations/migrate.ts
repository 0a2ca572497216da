import { sql } from 'kysely'
import type { Db } from '../kernel/database.ts'
import { first } from './0001-first.ts'
import { segments } from './0002-segments.ts'
import { segmentLists } from './0003-segment-lists.ts'
import { access } from './0004-access.ts'
import { audit } from './0005-audit.ts'
import { approvals } from './0006-approvals.ts'
import { events } from './0008-events.ts'
import { facts } from './0009-facts.ts'
import { connections } from './0010-connections.ts'
import { privacy } from './0011-privacy.ts'
import { experiments } from './0013-experiments.ts'
import { segmentRequests } from './0015-segment-requests.ts'
import { outbox } from './0017-outbox.ts'
import { signedContexts } from './0019-signed-contexts.ts'
import { minutesDurationsHistory } from './0020-minutes-durations-history.ts'
import { metrics } from './0023-metrics.ts'
import { closedAccounts } from './0025-closed-accounts.ts'
import { readingNewEvents } from './0030-reading-new-events.ts'

/** Forward only, in order; a migration that has run anywhere is never edited. */
const MIGRATIONS: readonly { readonly name: string; readonly statements: string }[] = [
  { name: '0001-first', statements: first },
  { name: '0002-segments', statements: segments },
  { name: '0003-segment-lists', statements: segmentLists },
  { name: '0004-access', statements: access },
  { name: '0005-audit', statements: audit },
  { name: '0006-approvals', statements: approvals },
  { name: '0008-events', statements: events },
  { name: '0009-facts', statements: facts },
  { name: '0010-connections', statements: connections },
  { name: '0011-privacy', statements: privacy },
  { name: '0013-experiments', statements: experiments },
  { name: '0015-segment-requests', statements: segmentRequests },
  { name: '0017-outbox', statements: outbox },
  { name: '0019-signed-contexts', statements: signedContexts },
  { name: '0020-minutes-durations-history', statements: minutesDurationsHistory },
  { name: '0023-metrics', statements: metrics },
  { name: '0025-closed-accounts', statements: closedAccounts },
  { name: '0030-reading-new-events', statements: readingNewEvents },
]

/** Any constant: it names the lock that lets one server at a time migrate. */
const LOCK = 4_400_001

/** Brings the schema up to date; any number of servers may call it at once. Gives the names of what ran. */
export async function migrate(db: Db): Promise<readonly string[]> {
  return db.transaction().execute(async tx => {
    await sql`select pg_advisory_xact_lock(${LOCK}::bigint)`.execute(tx)
    await sql`create table if not exists migrations (name text primary key, ran_at timestamptz not null default now())`.execute(
      tx,
    )
    const { rows } = await sql<{ name: string }>`select name from migrations`.execute(tx)
    const done = new Set(rows.map(row => row.name))
    const unknown = [...done].find(name => !MIGRATIONS.some(migration => migration.name === name))
    if (unknown !== undefined) {
      throw new Error(
        `The database was made by a newer Dimmer: it has the migration "${unknown}", which this one lacks`,
      )
    }
    const pending = MIGRATIONS.filter(migration => !done.has(migration.name))
    for (const { name, statements } of pending) {
      await sql.raw(statements).execute(tx)
      await sql`insert into migrations (name) values (${name})`.execute(tx)
    }
    return pending.map(migration => migration.name)
  })
}
