import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase } from '../../../test/test-database.ts'
import { type OpenedDatabase, openDatabase } from '../../adapters/postgres-database.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/database.ts'
import { journal } from '../../kernel/journal.ts'
import { migrate } from '../../migrations/migrate.ts'
import { verifyJournal } from './verify-journal.ts'

const ANNA: Actor = { kind: 'person', id: 'anna', name: 'anna' }
const clock = { now: () => 1_800_000_000_000 }

let database: Awaited<ReturnType<typeof createTestDatabase>>
let opened: OpenedDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  opened = openDatabase({ connectionString: database.url })
  await migrate(opened.db)
})
afterAll(async () => {
  await opened.close()
  await database.drop()
})

const write = (tx: Tx, key: string, after: unknown = { on: true }) =>
  journal(tx, { actor: ANNA, at: new Date(clock.now()), verb: 'change', object: { kind: 'flag', key }, after })
const add = (key: string) => opened.db.transaction().execute(tx => write(tx, key))
const verify = (anchor?: { seq: number; hash: string }) => verifyJournal({ db: opened.db, clock }, anchor)

/** What somebody with the password of the database can do. */
const tamper = async (statement: string): Promise<void> => {
  for (const table of ['journal', 'journal_head']) {
    await sql.raw(`alter table ${table} disable trigger user`).execute(opened.db)
  }
  await sql.raw(statement).execute(opened.db)
  for (const table of ['journal', 'journal_head']) {
    await sql.raw(`alter table ${table} enable trigger user`).execute(opened.db)
  }
}

const startAnew = (entries: number) => async () => {
  await tamper(`truncate journal; update journal_head set seq = 0, hash = repeat('0', 64)`)
  for (let n = 1; n <= entries; n++) await add(`flag-${n}`)
}

describe('the journal', () => {
  beforeEach(startAnew(0))

  it('is intact while nothing has happened', async () => {
    expect(await verify()).toMatchObject({ intact: true, entries: 0, head: { seq: 0 } })
  })

  it('keeps nothing of a transaction that failed, and leaves no gap', async () => {
    await add('a')
    const failed = opened.db.transaction().execute(async tx => {
      await write(tx, 'never')
      throw new Error('no')
    })
    await expect(failed).rejects.toThrow('no')
    await add('b')
    expect(await verify()).toMatchObject({ intact: true, entries: 2 })
  })

  it('chains 50 writers who come at once, one transaction each with several entries and locks in any order', async () => {
    await sql`create table if not exists doors (n integer primary key, opened integer not null)`.execute(opened.db)
    await sql`insert into doors select n, 0 from generate_series(0, 49) n on conflict do nothing`.execute(opened.db)
    const writer = (n: number) =>
      opened.db.transaction().execute(async tx => {
        await write(tx, `first-${n}`)
        await sql`update doors set opened = opened + 1 where n = ${n % 5}`.execute(tx)
        await write(tx, `second-${n}`)
      })
    await Promise.all(Array.from({ length: 50 }, (_, n) => writer(n)))
    expect(await verify()).toMatchObject({ intact: true, entries: 100, head: { seq: 100 } })
  })

  it('goes through many pages', async () => {
    await opened.db.transaction().execute(async tx => {
      for (let n = 0; n < 4_100; n++) await write(tx, `flag-${n}`)
    })
    expect(await verify()).toMatchObject({ intact: true, entries: 4_100 })
  })
})

describe('the database', () => {
  beforeAll(startAnew(2))

  it.each([
    ['a change of a body', `update journal set body = replace(body, 'flag-1', 'flag-9') where seq = 1`],
    ['a change of details', `update journal set details = '{}' where seq = 1`],
    ['a change of the place', 'update journal set seq = 7 where seq = 2'],
    ['a deletion', 'delete from journal where seq = 2'],
    ['emptying it', 'truncate journal'],
    [
      'an entry that names its place itself',
      `insert into journal (body, seq, previous, hash) values ('{"at":1,"who":{"kind":"person","name":"x"},"verb":"change","object":{"kind":"flag","key":"k"}}', 3, '', '')`,
    ],
    ['losing the end of the chain', 'delete from journal_head'],
  ])('refuses %s', async (_what, statement) => {
    await expect(sql.raw(statement).execute(opened.db)).rejects.toThrow('append-only')
    expect(await verify()).toMatchObject({ intact: true, entries: 2 })
  })
})

describe('verification', () => {
  beforeEach(startAnew(4))

  it.each([
    ['a changed entry', `update journal set body = replace(body, 'anna', 'bert') where seq = 2`, 'changed', 2],
    ['a changed time', `update journal set body = replace(body, '18000', '17000') where seq = 3`, 'changed', 3],
    ['changed details', `update journal set details = '{"after":{"on":false}}' where seq = 2`, 'details-changed', 2],
    ['details that are gone', 'update journal set details = null where seq = 3', 'details-missing', 3],
    [
      'details passed off as redacted',
      `update journal set details = null, redaction = 'nobody' where seq = 3`,
      'details-missing',
      3,
    ],
    ['a deleted entry', 'delete from journal where seq = 2', 'missing', 2],
    ['a deleted first entry', 'delete from journal where seq = 1', 'missing', 1],
    ['a tail cut off', 'delete from journal where seq > 2', 'cut-off', 2],
    ['everything gone', 'delete from journal', 'cut-off', 0],
    [
      'two entries in each other’s place',
      'update journal set seq = -2 where seq = 2; update journal set seq = 2 where seq = 3; update journal set seq = 3 where seq = -2',
      'inserted',
      2,
    ],
    [
      'an entry put in between',
      `update journal set seq = seq + 100 where seq > 2; update journal set seq = seq - 99 where seq > 100;
       insert into journal (body, seq, previous, hash) select body, 3, previous, hash from journal where seq = 2`,
      'inserted',
      3,
    ],
    [
      'an entry without a place',
      `insert into journal (body, details) select body, details from journal where seq = 2; update journal set seq = null where seq = 5`,
      'inserted',
      4,
    ],
    [
      'an entry forged with a fitting hash, whose followers weren’t mended',
      `update journal set body = replace(body, 'anna', 'bert'), hash = encode(sha256(convert_to(previous || E'\\n2\\n' || replace(body, 'anna', 'bert'), 'UTF8')), 'hex') where seq = 2`,
      'inserted',
      3,
    ],
  ])('finds %s', async (_what, statement, kind, seq) => {
    await tamper(statement)
    expect(await verify()).toMatchObject({ intact: false, problem: { kind, seq } })
  })

  it('finds, with an end that was kept elsewhere, that the tail was cut off and the head with it', async () => {
    const { head } = await verify()
    await tamper(
      'delete from journal where seq = 4; update journal_head set seq = 3, hash = (select hash from journal where seq = 3)',
    )
    expect(await verify()).toMatchObject({ intact: true, entries: 3 })
    expect(await verify(head)).toMatchObject({ intact: false, problem: { kind: 'cut-off' } })
  })

  it('finds, with an end that was kept elsewhere, that all of it was rewritten', async () => {
    const { head } = await verify()
    await startAnew(4)()
    await add('flag-5')
    expect(await verify()).toMatchObject({ intact: true, entries: 5 })
    expect(await verify(head)).toMatchObject({
      intact: false,
      problem: { kind: 'rewritten', seq: 4 },
    })
  })

  it('accepts a journal that has grown since its end was kept', async () => {
    const { head } = await verify()
    await add('later')
    expect(await verify(head)).toMatchObject({ intact: true, entries: 5 })
  })
})
