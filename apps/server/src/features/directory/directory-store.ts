import type { Attributes, DirectoryUser } from '@dimmer/engine'
import { Directory } from '@dimmer/engine'
import { sql } from 'kysely'
import type { Db, Tx } from '../../kernel/database.ts'

type Tables = {
  directory_units: { project_id: string; unit: string; unit_id: string; attributes: Attributes }
}

/** So many rows are read at once; what else the server does goes on in between. */
const PAGE = 10_000

interface Row {
  readonly id: string
  readonly attributes: Attributes
}

async function selectUnits(tx: Tx, projectId: string, unit: string): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (;;) {
    const page = await tx
      .withTables<Tables>()
      .selectFrom('directory_units')
      .select(['unit_id as id', 'attributes'])
      .where('project_id', '=', projectId)
      .where('unit', '=', unit)
      .where('unit_id', '>', rows.at(-1)?.id ?? '')
      .orderBy('unit_id')
      .limit(PAGE)
      .execute()
    for (const row of page) rows.push(row)
    if (page.length < PAGE) return rows
  }
}

/** A user's account is kept as its attribute. */
const userOf = ({ id, attributes }: Row): DirectoryUser => {
  const { accountId } = attributes
  return { id, attributes, accountId: typeof accountId === 'string' && accountId !== '' ? accountId : undefined }
}

/** Everybody whom a project knows, as of one moment. */
export const selectDirectory = (db: Db, projectId: string): Promise<Directory> =>
  db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async tx => {
      const accounts = await selectUnits(tx, projectId, 'account')
      const users = await selectUnits(tx, projectId, 'user')
      return new Directory(accounts, users.map(userOf))
    })

const affected = ({ numAffectedRows }: { readonly numAffectedRows?: bigint }): number => Number(numAffectedRows ?? 0)

export const selectUsersOfAccount = async (tx: Tx, projectId: string, account: string): Promise<readonly string[]> => {
  const { rows } = await sql<{ id: string }>`
    select unit_id as id from directory_units
    where project_id = ${projectId} and unit = 'user' and attributes ->> 'accountId' = ${account}
    order by unit_id`.execute(tx)
  return rows.map(({ id }) => id)
}

/** Gives how many of them there were. */
export const deleteUnits = async (tx: Tx, projectId: string, unit: string, ids: readonly string[]): Promise<number> =>
  affected(
    await sql`delete from directory_units
      where project_id = ${projectId} and unit = ${unit} and unit_id = any(${ids}::text[])`.execute(tx),
  )

/** Takes an attribute (a dotted path) away from those in whom it has this value. Gives how many they were. */
export const unlinkUnits = async (tx: Tx, projectId: string, attribute: string, value: string): Promise<number> => {
  const path = attribute.split('.')
  return affected(
    await sql`update directory_units set attributes = attributes #- ${path}::text[]
      where project_id = ${projectId} and attributes #>> ${path}::text[] = ${value}`.execute(tx),
  )
}
