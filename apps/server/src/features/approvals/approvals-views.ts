import type { ChangeRequestView, ReviewView } from '@dimmer/protocol'
import { changesBetween } from '../../kernel/changes-between.ts'
import { selectConfig, selectFlag } from '../flags/index.ts'
import type { ApprovalDeps } from './approval-deps.ts'
import { approvalsGiven, counts } from './approvals-rules.ts'
import { type FlagRequestRow, type RequestRow, type ReviewRow, selectReviews } from './approvals-store.ts'
import { changedSince } from './basis.ts'
import { type Demand, demandsOf } from './demands.ts'

async function currentVersion({ db }: ApprovalDeps, row: FlagRequestRow): Promise<number> {
  const flag = await selectFlag(db, row.project_id, row.flag_key)
  const config = flag && (await selectConfig(db, flag.id, row.environment_id))
  return config?.version ?? row.base_version
}

const presentReview = (review: ReviewRow, counted: boolean): ReviewView => ({
  who: review.who,
  verdict: review.verdict,
  comment: review.comment,
  revision: review.revision,
  at: review.at.toISOString(),
  counts: counted,
})

type Approvals = ChangeRequestView['approvals']

function approvalsOf(row: RequestRow, reviews: readonly ReviewRow[], demand: Demand): Approvals {
  const needed = demand.reasons.length === 0 ? 0 : (demand.policy?.approvals ?? 0)
  return { needed, given: approvalsGiven(reviews, row, demand), roles: demand.policy?.roles ?? [] }
}

const lacks = ({ needed, given }: Approvals): number => needed - given

const NOBODY: Approvals = { needed: 0, given: 0, roles: [] }

const isOver = ({ status }: RequestRow): boolean => status === 'applied' || status === 'cancelled'

/** What is known about a request now, whatever it is about. */
async function viewCommon(deps: ApprovalDeps, row: RequestRow, demands: readonly Demand[]) {
  const reviews = await selectReviews(deps.db, [row.id])
  const [most = NOBODY] = demands
    .map(demand => approvalsOf(row, reviews, demand))
    .toSorted((a, b) => lacks(b) - lacks(a))
  const given = (review: ReviewRow) => demands.some(demand => counts(review, row, demand))
  return {
    id: row.id,
    title: row.title,
    status: row.status,
    revision: row.revision,
    author: row.author,
    writers: row.writers,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    changes: changesBetween(row.before, row.after),
    conflict: !isOver(row) && (await changedSince(deps.db, row)).length > 0,
    reasons: [...new Set(demands.flatMap(({ reasons }) => reasons))],
    approvals: most,
    reviews: reviews.map(review => presentReview(review, given(review))),
    applyAt: row.apply_at?.toISOString() ?? null,
    problem: row.problem,
    appliedAt: row.applied_at?.toISOString() ?? null,
    appliedBy: row.applied_by,
  }
}

/** A change request with what is known about it now. */
export async function viewRequest(deps: ApprovalDeps, row: RequestRow): Promise<ChangeRequestView> {
  const demands = await demandsOf(deps, deps.db, row)
  const common = await viewCommon(deps, row, demands)
  if (row.segment_key !== null) {
    const { segment_key: segment, before, after, list_changes: lists } = row
    const environments = demands.map(({ environment }) => environment)
    return { ...common, kind: 'segment', segment, environments, before, after, lists }
  }
  const version = await currentVersion(deps, row)
  return {
    ...common,
    kind: 'flag',
    flag: row.flag_key,
    environment: demands[0]?.environment ?? '',
    before: row.before,
    after: row.after,
    baseVersion: row.base_version,
    currentVersion: version,
    conflict: common.conflict || (row.status !== 'applied' && version !== row.base_version),
    appliedVersion: row.applied_version,
  }
}
