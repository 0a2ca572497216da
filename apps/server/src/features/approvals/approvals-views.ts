import type { ChangeRequestView, ReviewView } from '@dimmer/protocol'
import { changesBetween } from '../../kernel/changes-between.ts'
import { selectConfig, selectFlag } from '../flags/index.ts'
import { selectEnvironmentById } from '../projects/index.ts'
import type { ApprovalDeps } from './approval-deps.ts'
import { approvalsGiven, counts, reasonsToApprove } from './approvals-rules.ts'
import { type RequestRow, type ReviewRow, selectReviews } from './approvals-store.ts'
import { findPolicy } from './policies.ts'

async function currentVersion({ db }: ApprovalDeps, row: RequestRow): Promise<number> {
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

/** A change request with what is known about it now. */
export async function viewRequest(deps: ApprovalDeps, row: RequestRow): Promise<ChangeRequestView> {
  const environment = await selectEnvironmentById(deps.db, row.environment_id)
  const policy = environment === undefined ? null : await findPolicy(deps, deps.db, environment)
  const reviews = await selectReviews(deps.db, [row.id])
  const version = await currentVersion(deps, row)
  const reasons = reasonsToApprove(policy, row.before, row.after)
  return {
    id: row.id,
    title: row.title,
    flag: row.flag_key,
    environment: environment?.key ?? '',
    status: row.status,
    revision: row.revision,
    author: row.author,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    before: row.before,
    after: row.after,
    changes: changesBetween(row.before, row.after),
    baseVersion: row.base_version,
    currentVersion: version,
    conflict: row.status !== 'applied' && version !== row.base_version,
    reasons,
    approvals: {
      needed: reasons.length === 0 ? 0 : (policy?.approvals ?? 0),
      given: approvalsGiven(reviews, row, policy),
      roles: policy?.roles ?? [],
    },
    reviews: reviews.map(review => presentReview(review, counts(review, row, policy))),
    applyAt: row.apply_at?.toISOString() ?? null,
    problem: row.problem,
    appliedAt: row.applied_at?.toISOString() ?? null,
    appliedBy: row.applied_by,
    appliedVersion: row.applied_version,
  }
}
