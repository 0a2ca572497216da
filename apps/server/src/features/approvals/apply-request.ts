import { type Actor, CONTROLLER, whoOf } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import { journal } from '../../kernel/journal.ts'
import { changeConfigIn } from '../flags/index.ts'
import { type RulesetChanged, selectEnvironmentById } from '../projects/index.ts'
import type { ApprovalDeps } from './approval-deps.ts'
import { approvalsGiven, reasonsToApprove } from './approvals-rules.ts'
import { type RequestRow, selectDue, selectRequest, selectReviews, updateRequest } from './approvals-store.ts'
import { findPolicy } from './policies.ts'
import { entryOf, holdRequest, type RequestPlace, tell } from './request-change.ts'

/** Refuses a request that lacks approvals; says if somebody goes past them. */
async function assertApproved(
  deps: ApprovalDeps,
  tx: Tx,
  { place, row }: { readonly place: RequestPlace; readonly row: RequestRow },
): Promise<'break-glass' | undefined> {
  const policy = await findPolicy(deps, tx, place.environment)
  if (policy === null || reasonsToApprove(policy, row.before, row.after).length === 0) return undefined
  const given = approvalsGiven(await selectReviews(tx, [row.id]), row, policy)
  if (row.status === 'open' && given >= policy.approvals) return undefined
  if (place.actor.breakGlass !== undefined) return 'break-glass'
  throw new AppError(
    'approval-needed',
    row.status === 'rejected'
      ? 'This change request was rejected; edit it first.'
      : `It has ${given} of ${policy.approvals} approvals by ${policy.roles.join(', ')}.`,
  )
}

async function applyIn(
  deps: ApprovalDeps,
  tx: Tx,
  asked: { readonly place: RequestPlace; readonly revision: number | undefined },
): Promise<{ readonly row: RequestRow; readonly changed: RulesetChanged }> {
  const { place, revision } = asked
  const row = await holdRequest(tx, place)
  if (revision !== undefined && revision !== row.revision) {
    throw new AppError('version-conflict', 'The change request was edited since you read it. Look at it again.')
  }
  const flagged = await assertApproved(deps, tx, { place, row })
  const { environment, actor } = place
  const why = `Change request "${row.title}" of ${row.author.name}`
  const changed = await changeConfigIn(tx, deps.clock, {
    environment,
    flagKey: row.flag_key,
    actor: { ...actor, comment: actor.breakGlass ?? actor.comment ?? why },
    ifVersion: row.base_version,
    change: () => row.after,
    ...(flagged === undefined ? {} : { flagged }),
  })
  await journal(tx, {
    ...entryOf(deps, place, row),
    verb: 'apply',
    after: { version: changed.patch.to },
    ...(flagged === undefined ? {} : { flagged, comment: actor.breakGlass ?? '' }),
  })
  const at = new Date(deps.clock.now())
  const applied = await updateRequest(tx, row.id, {
    status: 'applied',
    applied_at: at,
    updated_at: at,
    applied_by: whoOf(actor),
    applied_version: changed.patch.to,
    apply_at: null,
    problem: null,
  })
  return { row: applied, changed }
}

/**
 * Makes the change. Request, flag, outbox and journal change together or not at all; of two that apply it at once, the
 * second is refused. So is one whose flag was changed since.
 */
export async function applyRequest(deps: ApprovalDeps, place: RequestPlace, revision?: number): Promise<RequestRow> {
  const { row, changed } = await deps.db.transaction().execute(tx => applyIn(deps, tx, { place, revision }))
  deps.hub.emit('ruleset-changed', changed)
  tell(deps, place.environment, row)
  return row
}

/** What was scheduled and can't be applied waits for people; it is not tried again. */
async function giveUp(deps: ApprovalDeps, place: RequestPlace, problem: string): Promise<void> {
  const row = await deps.db.transaction().execute(async tx => {
    const held = await holdRequest(tx, place)
    await journal(tx, { ...entryOf(deps, place, held), verb: 'schedule', after: { applyAt: null, problem } })
    return updateRequest(tx, held.id, { apply_at: null, problem, updated_at: new Date(deps.clock.now()) })
  })
  tell(deps, place.environment, row)
}

const BY_SCHEDULE: Actor = { ...CONTROLLER, comment: 'At the time that was set for it' }

async function applyOne(deps: ApprovalDeps, due: Pick<RequestRow, 'id' | 'project_id'>): Promise<void> {
  const row = await selectRequest(deps.db, due.project_id, due.id)
  const environment = row && (await selectEnvironmentById(deps.db, row.environment_id))
  if (environment === undefined) return
  const place: RequestPlace = { environment, id: due.id, actor: BY_SCHEDULE }
  try {
    await applyRequest(deps, place)
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'unavailable') throw error
    // Another node was faster: the request is over.
    const now = await selectRequest(deps.db, due.project_id, due.id)
    if (now?.status === 'open' && now.apply_at !== null) await giveUp(deps, place, error.message)
  }
}

/** Applies what was scheduled and is due. Any number of nodes may call it at once. */
export async function applyDue(deps: ApprovalDeps): Promise<void> {
  for (const due of await selectDue(deps.db, new Date(deps.clock.now()))) await applyOne(deps, due)
}
