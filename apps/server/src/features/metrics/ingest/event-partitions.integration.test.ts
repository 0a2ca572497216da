import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../../test/test-database.ts'
import { type OpenedDatabase, openDatabase } from '../../../adapters/postgres-database.ts'
import { first } from '../../../migrations/0001-first.ts'
import { segments } from '../../../migrations/0002-segments.ts'
import { migrate } from '../../../migrations/migrate.ts'
import { EventPartitions } from './event-partitions.ts'

const DAY_MS = 86_400_000
const NOON = Date.UTC(2026, 4, 10, 12)

let database: TestDatabase
let opened: OpenedDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  opened = openDatabase({ connectionString: database.url })
})
beforeEach(async () => {
  await sql`drop schema public cascade`.execute(opened.db)
  await sql`create schema public`.execute(opened.db)
})
afterAll(async () => {
  await opened.close()
  await database.drop()
})

/** A database as it was before there were partitions, with two events in it. */
async function formerDatabase() {
  const { db } = opened
  await sql.raw(first).execute(db)
  await sql.raw(segments).execute(db)
  await sql`create table migrations (name text primary key, ran_at timestamptz not null default now())`.execute(db)
  await sql`insert into migrations (name) values ('0001-first'), ('0002-segments')`.execute(db)
  await sql`insert into projects values ('p', 'p', 'P', '{}', now())`.execute(db)
  await sql`insert into environments (id, project_id, key, name, position) values ('e', 'p', 'e', 'E', 0)`.execute(db)
  await sql`insert into event_names values ('e', 'paid', 'account', ${new Date(NOON)}, 1)`.execute(db)
  for (const [name, at] of [
    ['paid', NOON],
    ['seen', NOON - 40 * DAY_MS],
  ] as const) {
    await sql`insert into unit_events values ('e', ${name}, 'account', 'a', ${new Date(at)}, false, 7, 1.5, 'invoice')`.execute(
      db,
    )
  }
}

const rows = async () =>
  (
    await sql<{ name: string; at: Date }>`
      select name, unit, unit_id, at, ok, ms, value, creates from events join event_names on id = kind order by name`.execute(
      opened.db,
    )
  ).rows

const insert = (day: string) =>
  sql`insert into events values (${day}::date, 1, 1, 'a', ${day}::date, true, null, null, null)`.execute(opened.db)

const days = async () =>
  (await sql<{ day: string }>`select received_on::text as day from events order by 1`.execute(opened.db)).rows.map(
    ({ day }) => day,
  )

it('events from before there were partitions are all there afterwards', async () => {
  await formerDatabase()
  await migrate(opened.db)
  const same = { unit: 'account', unit_id: 'a', ok: false, ms: 7, value: 1.5, creates: 'invoice' }
  expect(await rows()).toEqual([
    { ...same, name: 'paid', at: new Date(NOON) },
    { ...same, name: 'seen', at: new Date(NOON - 40 * DAY_MS) },
  ])
  const partitions = new EventPartitions(opened.db)
  for (const at of [NOON - 3 * DAY_MS, NOON, NOON + DAY_MS]) await insert(await partitions.ensure(at))
  expect(await days()).toHaveLength(5)
})

it('makes a day when its first event comes, also for many nodes at once', async () => {
  await migrate(opened.db)
  const nodes = Array.from({ length: 5 }, () => new EventPartitions(opened.db))
  expect(await Promise.all(nodes.map(node => node.ensure(NOON)))).toEqual(Array(5).fill('2026-05-10'))
  await insert('2026-05-10')
  expect(await days()).toEqual(['2026-05-10'])
})

it('makes tomorrow ahead, and drops whole days whose time is over', async () => {
  await migrate(opened.db)
  const partitions = new EventPartitions(opened.db)
  for (let day = 0; day < 4; day++) await insert(await partitions.ensure(NOON + day * DAY_MS))
  await partitions.makeAhead(NOON + 3 * DAY_MS)
  await insert('2026-05-14')
  await partitions.dropBefore(NOON + 2 * DAY_MS)
  expect(await days()).toEqual(['2026-05-12', '2026-05-13', '2026-05-14'])
  expect(await partitions.ensure(NOON)).toBe('2026-05-10')
  await insert('2026-05-10')
})
