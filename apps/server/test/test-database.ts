import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { openDatabase } from '../src/adapters/postgres-database.ts'
import { migrate } from '../src/migrations/migrate.ts'

export interface TestDatabase {
  readonly url: string
  drop(): Promise<void>
}

/** The PostgreSQL that this test project was given. */
function ownServer(): string {
  const url = inject('databaseUrl')
  if (url === null) throw new Error('There is no PostgreSQL for these tests; see the list at the end of "npm test"')
  return url
}

/** Runs on the server's own database. */
async function onServer(work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: ownServer() })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

function urlOf(name: string): string {
  const url = new URL(ownServer())
  url.pathname = `/${name}`
  return url.href
}

async function create(options: string): Promise<TestDatabase> {
  const name = `dimmer_${randomBytes(8).toString('hex')}`
  await onServer(client => client.query(`create database ${name} ${options}`))
  const drop = () => onServer(client => client.query(`drop database if exists ${name} with (force)`))
  return { url: urlOf(name), drop }
}

/** A fresh, empty database. */
export const createTestDatabase = (): Promise<TestDatabase> => create('')

const TEMPLATE = 'dimmer_migrated'
/** Any constant: whoever holds it makes the template, and the others wait. */
const LOCK = 1

async function makeTemplate(): Promise<void> {
  await onServer(async client => {
    await client.query('select pg_advisory_lock($1)', [LOCK])
    const { rows } = await client.query('select from pg_database where datname = $1', [TEMPLATE])
    if (rows.length > 0) return
    const unfinished = `${TEMPLATE}_unfinished`
    await client.query(`drop database if exists ${unfinished} with (force)`)
    await client.query(`create database ${unfinished}`)
    const { db, close } = openDatabase({ connectionString: urlOf(unfinished) })
    await migrate(db).finally(close)
    await client.query(`alter database ${unfinished} rename to ${TEMPLATE}`)
  })
}

let template: Promise<void> | undefined

/** A fresh database that has the schema already: copying one is quicker than running all migrations. */
export async function createMigratedDatabase(): Promise<TestDatabase> {
  template ??= makeTemplate()
  await template
  return create(`template ${TEMPLATE}`)
}
