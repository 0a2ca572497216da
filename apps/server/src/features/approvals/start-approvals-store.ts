import type { Role } from '@dimmer/protocol'
import type { Who } from '../../kernel/actor.ts'
import { type Db, jsonb, type Tx } from '../../kernel/database.ts'

export interface StartApprovalRow {
  readonly rollout_id: string
  readonly person_id: string
  readonly who: Who
  readonly role: Role
  readonly basis: string
  readonly note: string | null
  readonly at: Date
}

const tables = (db: Db | Tx) => db.withTables<{ start_approvals: StartApprovalRow }>()

/** In the order in which they were given. */
export const selectStartApprovals = (db: Db | Tx, rolloutId: string): Promise<StartApprovalRow[]> =>
  tables(db)
    .selectFrom('start_approvals')
    .selectAll()
    .where('rollout_id', '=', rolloutId)
    .orderBy('at')
    .orderBy('person_id')
    .execute()

export const insertStartApproval = async (tx: Tx, row: StartApprovalRow): Promise<void> => {
  await tables(tx)
    .insertInto('start_approvals')
    .values({ ...row, who: jsonb(row.who) })
    .execute()
}
