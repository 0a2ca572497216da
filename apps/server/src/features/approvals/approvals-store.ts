import type { ApprovalPolicy, ChangeRequestQuery, ChangeRequestStatus, FlagConfig, Role } from '@dimmer/protocol'
import type { Who } from '../../kernel/actor.ts'
import { type Db, jsonb, type Tx } from '../../kernel/database.ts'

export interface RequestRow {
  readonly id: string
  readonly project_id: string
  readonly environment_id: string
  readonly flag_key: string
  readonly title: string
  readonly status: ChangeRequestStatus
  readonly revision: number
  readonly before: FlagConfig
  readonly after: FlagConfig
  readonly base_version: number
  readonly author: Who
  readonly writers: readonly string[]
  readonly created_at: Date
  readonly updated_at: Date
  readonly apply_at: Date | null
  readonly problem: string | null
  readonly applied_at: Date | null
  readonly applied_by: Who | null
  readonly applied_version: number | null
}

export interface ReviewRow {
  readonly id: number
  readonly request_id: string
  readonly revision: number
  readonly person_id: string
  readonly who: Who
  readonly role: Role
  readonly verdict: 'approve' | 'reject' | 'comment'
  readonly comment: string
  readonly at: Date
}

type Tables = {
  approval_policies: { environment_id: string; policy: ApprovalPolicy | null }
  change_requests: RequestRow
  change_reviews: Omit<ReviewRow, 'id'> & { id?: number }
}

const tables = (db: Db | Tx) => db.withTables<Tables>()

/** Undefined: nobody has set one. */
export const selectPolicy = async (db: Db | Tx, environmentId: string): Promise<ApprovalPolicy | null | undefined> =>
  (
    await tables(db)
      .selectFrom('approval_policies')
      .select('policy')
      .where('environment_id', '=', environmentId)
      .executeTakeFirst()
  )?.policy

export const savePolicy = async (tx: Tx, environmentId: string, policy: ApprovalPolicy | null): Promise<void> => {
  const value = policy === null ? null : jsonb(policy)
  await tables(tx)
    .insertInto('approval_policies')
    .values({ environment_id: environmentId, policy: value })
    .onConflict(conflict => conflict.column('environment_id').doUpdateSet({ policy: value }))
    .execute()
}

export const insertRequest = async (tx: Tx, row: RequestRow): Promise<void> => {
  await tables(tx)
    .insertInto('change_requests')
    .values({
      ...row,
      before: jsonb(row.before),
      after: jsonb(row.after),
      author: jsonb(row.author),
      writers: jsonb(row.writers),
      applied_by: null,
    })
    .execute()
}

export type RequestChange = Partial<
  Omit<RequestRow, 'id' | 'project_id' | 'environment_id' | 'flag_key' | 'author' | 'created_at'>
>

export const updateRequest = (tx: Tx, id: string, change: RequestChange): Promise<RequestRow> => {
  const { before, after, writers, applied_by, ...plain } = change
  return tables(tx)
    .updateTable('change_requests')
    .set({
      ...plain,
      ...(before && { before: jsonb(before) }),
      ...(after && { after: jsonb(after) }),
      ...(writers && { writers: jsonb(writers) }),
      ...(applied_by && { applied_by: jsonb(applied_by) }),
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

export const selectRequest = (db: Db | Tx, projectId: string, id: string): Promise<RequestRow | undefined> =>
  tables(db)
    .selectFrom('change_requests')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('id', '=', id)
    .executeTakeFirst()

/** Keeps others from changing the request until the transaction ends. */
export const lockRequest = (tx: Tx, projectId: string, id: string): Promise<RequestRow | undefined> =>
  tables(tx)
    .selectFrom('change_requests')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()

export const selectRequests = (
  db: Db,
  projectId: string,
  { status, flag, environmentId }: Omit<ChangeRequestQuery, 'environment'> & { readonly environmentId?: string },
): Promise<RequestRow[]> =>
  tables(db)
    .selectFrom('change_requests')
    .selectAll()
    .where('project_id', '=', projectId)
    .$if(status !== undefined, all => all.where('status', '=', status ?? 'open'))
    .$if(flag !== undefined, all => all.where('flag_key', '=', flag ?? ''))
    .$if(environmentId !== undefined, all => all.where('environment_id', '=', environmentId ?? ''))
    .orderBy('created_at', 'desc')
    .limit(200)
    .execute()

/** Requests whose time has come. */
export const selectDue = (db: Db, now: Date): Promise<Pick<RequestRow, 'id' | 'project_id'>[]> =>
  tables(db)
    .selectFrom('change_requests')
    .select(['id', 'project_id'])
    .where('status', '=', 'open')
    .where('apply_at', '<=', now)
    .orderBy('apply_at')
    .limit(50)
    .execute()

export const insertReview = async (tx: Tx, row: Omit<ReviewRow, 'id'>): Promise<void> => {
  await tables(tx)
    .insertInto('change_reviews')
    .values({ ...row, who: jsonb(row.who) })
    .execute()
}

export const selectReviews = async (db: Db | Tx, requestIds: readonly string[]): Promise<ReviewRow[]> =>
  requestIds.length === 0
    ? []
    : db
        .withTables<{ change_reviews: ReviewRow }>()
        .selectFrom('change_reviews')
        .selectAll()
        .where('request_id', 'in', requestIds)
        .orderBy('id')
        .execute()
