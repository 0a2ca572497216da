import type { Attributes, DirectoryUser } from '@dimmer/engine'
import { Directory } from '@dimmer/engine'
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
