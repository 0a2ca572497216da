import type { SegmentKey } from '@dimmer/engine'
import type {
  ApprovalPolicy,
  ChangeRequestQuery,
  ChangeRequestStatus,
  FlagConfig,
  ListDifference,
  Role,
  SegmentChange,
  SegmentParts,
} from '@dimmer/protocol'
import type { Who } from '../../kernel/actor.ts'
import { type Db, jsonb, type Tx } from '../../kernel/database.ts'

/** What the meaning of a change depends on beside the flag itself: other states of it are a conflict. */
export interface Basis {
  /** Digests, by key. */
  readonly segments: Readonly<Record<SegmentKey, string>>
  /** Attributes, by name. */
  readonly units: Readonly<Record<string, string>>
}

interface CommonRow {
  readonly id: string
  readonly project_id: string
  readonly title: string
  readonly status: ChangeRequestStatus
  readonly revision: number
  readonly basis: Basis
  readonly author: Who
  readonly writers: readonly string[]
  readonly created_at: Date
  readonly updated_at: Date
  readonly apply_at: Date | null
  readonly problem: string | null
  readonly applied_at: Date | null
  readonly applied_by: Who | null
}

export interface FlagRequestRow extends CommonRow {
  readonly environment_id: string
  readonly flag_key: string
  readonly before: FlagConfig
  readonly after: FlagConfig
  /** Version of the flag from which the change was made. */
  readonly base_version: number
  readonly applied_version: number | null
  readonly segment_key: null
}

/** The parts that change are kept in a column of their own: they may hold a million ids. */
export interface SegmentRequestRow extends CommonRow {
  readonly segment_key: SegmentKey
  readonly before: SegmentParts
  readonly after: SegmentParts
  readonly list_changes: readonly ListDifference[]
  readonly flag_key: null
}

export type RequestRow = FlagRequestRow | SegmentRequestRow

type StoredRow = CommonRow &
  Pick<FlagRequestRow, 'applied_version'> & {
    readonly environment_id: string | null
    readonly flag_key: string | null
    readonly base_version: number | null
    readonly segment_key: SegmentKey | null
    readonly list_changes: readonly ListDifference[]
    readonly before: unknown
    readonly after: unknown
  }

export interface ReviewRow {
  readonly id: number
  readonly request_id: string
  readonly revision: number
  readonly person_id: string
  readonly who: Who
  /** The roles they had then, by environment. */
  readonly roles: Readonly<Record<string, Role>>
  readonly verdict: 'approve' | 'reject' | 'comment'
  readonly comment: string
  readonly at: Date
}

type Tables = {
  approval_policies: { environment_id: string; policy: ApprovalPolicy | null }
  change_requests: StoredRow & { segment_parts: SegmentChange['segment'] | null }
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

const WITHOUT_PARTS = [
  'id',
  'project_id',
  'environment_id',
  'flag_key',
  'segment_key',
  'title',
  'status',
  'revision',
  'before',
  'after',
  'base_version',
  'basis',
  'list_changes',
  'author',
  'writers',
  'created_at',
  'updated_at',
  'apply_at',
  'problem',
  'applied_at',
  'applied_by',
  'applied_version',
] as const

/** The table's own check holds the two kinds apart. */
const rowOf = (stored: StoredRow): RequestRow => stored as RequestRow

export const insertRequest = async (
  tx: Tx,
  row: RequestRow,
  parts: SegmentChange['segment'] | null = null,
): Promise<void> => {
  const { before, after, basis, author, writers, ...plain } = row
  const lists = 'list_changes' in plain ? plain.list_changes : []
  const ofFlag =
    row.flag_key === null
      ? { environment_id: null, base_version: null, applied_version: null }
      : { environment_id: row.environment_id, base_version: row.base_version, applied_version: null }
  await tables(tx)
    .insertInto('change_requests')
    .values({
      ...plain,
      ...ofFlag,
      before: jsonb(before),
      after: jsonb(after),
      basis: jsonb(basis),
      author: jsonb(author),
      writers: jsonb(writers),
      list_changes: jsonb(lists),
      segment_parts: parts === null ? null : jsonb(parts),
      applied_by: null,
    })
    .execute()
}

/** What an act changes; another change of the flag or the segment comes with its basis. */
export interface RequestChange
  extends Partial<Omit<CommonRow, 'id' | 'project_id' | 'author' | 'created_at'>>,
    Partial<Pick<FlagRequestRow, 'base_version' | 'applied_version'>> {
  readonly before?: FlagConfig | SegmentParts
  readonly after?: FlagConfig | SegmentParts
  readonly list_changes?: readonly ListDifference[]
  readonly segment_parts?: SegmentChange['segment'] | null
}

const JSON_COLUMNS = ['before', 'after', 'basis', 'writers', 'applied_by', 'list_changes', 'segment_parts'] as const

export async function updateRequest(tx: Tx, id: string, change: RequestChange): Promise<RequestRow> {
  const json = JSON_COLUMNS.filter(column => change[column] !== undefined && change[column] !== null)
  return rowOf(
    await tables(tx)
      .updateTable('change_requests')
      .set({ ...change, ...Object.fromEntries(json.map(column => [column, jsonb(change[column])])) })
      .where('id', '=', id)
      .returning(WITHOUT_PARTS)
      .executeTakeFirstOrThrow(),
  )
}

const requests = (db: Db | Tx, projectId: string) =>
  tables(db).selectFrom('change_requests').select(WITHOUT_PARTS).where('project_id', '=', projectId)

export async function selectRequest(db: Db | Tx, projectId: string, id: string): Promise<RequestRow | undefined> {
  const row = await requests(db, projectId).where('id', '=', id).executeTakeFirst()
  return row && rowOf(row)
}

/** Keeps others from changing the request until the transaction ends. */
export async function lockRequest(tx: Tx, projectId: string, id: string): Promise<RequestRow | undefined> {
  const row = await requests(tx, projectId).where('id', '=', id).forUpdate().executeTakeFirst()
  return row && rowOf(row)
}

/** The parts of the segment that a request changes, with all their ids; null once it is over. */
export const selectSegmentParts = async (db: Db | Tx, id: string): Promise<SegmentChange['segment'] | null> =>
  (await tables(db).selectFrom('change_requests').select('segment_parts').where('id', '=', id).executeTakeFirst())
    ?.segment_parts ?? null

export async function selectRequests(
  db: Db,
  projectId: string,
  query: Omit<ChangeRequestQuery, 'environment'> & { readonly environmentId?: string },
): Promise<RequestRow[]> {
  const { status, flag, segment, environmentId } = query
  const rows = await requests(db, projectId)
    .$if(status !== undefined, all => all.where('status', '=', status ?? 'open'))
    .$if(flag !== undefined, all => all.where('flag_key', '=', flag ?? ''))
    .$if(segment !== undefined, all => all.where('segment_key', '=', segment ?? ''))
    .$if(environmentId !== undefined, all => all.where('environment_id', '=', environmentId ?? ''))
    .orderBy('created_at', 'desc')
    .limit(200)
    .execute()
  return rows.map(rowOf)
}

/** The requests of a flag that were applied since a time. */
export async function selectAppliedRequests(
  db: Db | Tx,
  { environmentId, flagKey, since }: { readonly environmentId: string; readonly flagKey: string; readonly since: Date },
): Promise<FlagRequestRow[]> {
  const rows = await tables(db)
    .selectFrom('change_requests')
    .select(WITHOUT_PARTS)
    .where('environment_id', '=', environmentId)
    .where('flag_key', '=', flagKey)
    .where('applied_at', '>=', since)
    .execute()
  return rows.map(rowOf).filter(row => row.segment_key === null)
}

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
    .values({ ...row, who: jsonb(row.who), roles: jsonb(row.roles) })
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
