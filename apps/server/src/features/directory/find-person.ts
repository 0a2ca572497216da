import type { Attributes } from '@dimmer/engine'
import { sql } from 'kysely'
import type { Db } from '../../kernel/database.ts'

/** Who somebody is, as far as the directory knows. */
export interface Person {
  readonly user: string
  readonly account: string | undefined
}

/** A person by id or, in any mix of capitals, by e-mail address (the attribute `email`). Undefined: not in the directory. */
export async function findPerson(
  db: Db,
  projectId: string,
  by: { readonly userId: string } | { readonly email: string },
): Promise<Person | undefined> {
  const condition =
    'userId' in by ? sql`unit_id = ${by.userId}` : sql`lower(attributes ->> 'email') = ${by.email.toLowerCase()}`
  const { rows } = await sql<{ unit_id: string; attributes: Attributes }>`
    select unit_id, attributes from directory_units
    where project_id = ${projectId} and unit = 'user' and ${condition}
    order by unit_id limit 1`.execute(db)
  const [row] = rows
  if (row === undefined) return undefined
  const { accountId } = row.attributes
  return { user: row.unit_id, account: typeof accountId === 'string' && accountId !== '' ? accountId : undefined }
}
