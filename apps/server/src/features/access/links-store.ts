import type { Role } from '@dimmer/protocol'
import type { Who } from '../../kernel/actor.ts'
import { type Db, jsonb, type Tx } from '../../kernel/database.ts'

/** What an invitation gives. */
export interface Grants {
  readonly role: Role
  /** By environment key. */
  readonly environments: Readonly<Record<string, Role>>
}

export interface LinkRow {
  readonly id: string
  readonly kind: 'setup' | 'invitation' | 'password'
  readonly token_hash: Buffer
  readonly person_id: string | null
  readonly email: string | null
  readonly project_id: string | null
  readonly grants: Grants | null
  readonly created_by: Who | null
  readonly created_at: Date
  readonly expires_at: Date
}

type Tables = { links: LinkRow }

const tables = (db: Db | Tx) => db.withTables<Tables>()

export const insertLink = async (tx: Db | Tx, row: LinkRow): Promise<void> => {
  const { grants, created_by } = row
  await tables(tx)
    .insertInto('links')
    .values({
      ...row,
      grants: grants === null ? null : jsonb(grants),
      created_by: created_by === null ? null : jsonb(created_by),
    })
    .execute()
}

export const selectLinkByHash = (db: Db | Tx, hash: Buffer): Promise<LinkRow | undefined> =>
  tables(db).selectFrom('links').selectAll().where('token_hash', '=', hash).executeTakeFirst()

/** Takes the link away; undefined if somebody else was faster. */
export const takeLink = (tx: Tx, hash: Buffer): Promise<LinkRow | undefined> =>
  tables(tx).deleteFrom('links').where('token_hash', '=', hash).returningAll().executeTakeFirst()

export const selectInvitations = (db: Db, projectId: string, now: Date): Promise<LinkRow[]> =>
  tables(db)
    .selectFrom('links')
    .selectAll()
    .where('kind', '=', 'invitation')
    .where('project_id', '=', projectId)
    .where('expires_at', '>', now)
    .orderBy('created_at', 'desc')
    .execute()

export const selectInvitationsTo = (db: Db | Tx, email: string, now: Date): Promise<LinkRow[]> =>
  tables(db)
    .selectFrom('links')
    .selectAll()
    .where('kind', '=', 'invitation')
    .where('email', '=', email)
    .where('expires_at', '>', now)
    .execute()

export const deleteInvitation = (tx: Tx, projectId: string, id: string): Promise<LinkRow | undefined> =>
  tables(tx)
    .deleteFrom('links')
    .where('id', '=', id)
    .where('kind', '=', 'invitation')
    .where('project_id', '=', projectId)
    .returningAll()
    .executeTakeFirst()

/** Invitations of the same person to the same project are replaced by the newest. */
export const deleteInvitationsOf = async (tx: Tx, email: string, projectId: string): Promise<void> => {
  await tables(tx)
    .deleteFrom('links')
    .where('kind', '=', 'invitation')
    .where('email', '=', email)
    .where('project_id', '=', projectId)
    .execute()
}

export const deletePasswordLinks = async (tx: Tx, personId: string): Promise<void> => {
  await tables(tx).deleteFrom('links').where('kind', '=', 'password').where('person_id', '=', personId).execute()
}

export const deleteOldLinks = async (db: Db, now: Date): Promise<void> => {
  await tables(db).deleteFrom('links').where('expires_at', '<', now).execute()
}
