import type { Role } from '@dimmer/protocol'
import { whoOf } from '../../kernel/actor.ts'
import { isUniqueViolation, type Tx } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import { journal } from '../../kernel/journal.ts'
import type { ApprovalDeps } from './approval-deps.ts'
import { insertReview, type RequestRow, type ReviewRow, updateRequest } from './approvals-store.ts'
import { entryOf, holdRequest, OVER, personBehind, type RequestPlace, tell, withoutIds } from './hold-request.ts'

export interface Verdict {
  readonly verdict: ReviewRow['verdict']
  /** The reviewer's roles, by environment. */
  readonly roles: Readonly<Record<string, Role>>
  /** The revision that was looked at; absent: a comment, on whatever it is. */
  readonly revision?: number
  readonly comment?: string
}

function assertReviewable(row: RequestRow, personId: string, { verdict, revision }: Verdict): void {
  if (verdict === 'comment') return
  if (row.status !== 'open') throw new AppError('not-allowed-now', 'This change request was rejected; edit it first.')
  if (row.revision !== revision) {
    throw new AppError('version-conflict', 'The change request was edited since you read it. Look at it again.')
  }
  if (verdict === 'approve' && row.writers.includes(personId)) {
    throw new AppError('own-change', 'You have written this change yourself; somebody else must approve it.')
  }
}

async function keepVerdict(tx: Tx, row: RequestRow, kept: Omit<ReviewRow, 'id' | 'request_id' | 'revision'>) {
  try {
    await insertReview(tx, { request_id: row.id, revision: row.revision, ...kept })
  } catch (error) {
    if (!isUniqueViolation(error, 'one_verdict_each')) throw error
    throw new AppError('already-reviewed', 'You have said what you think of this revision already.')
  }
}

/** Approves, rejects or comments. Rejected, it waits for an edit. */
export async function reviewRequest(deps: ApprovalDeps, place: RequestPlace, given: Verdict): Promise<RequestRow> {
  const { actor } = place
  const personId = personBehind(actor)
  const at = new Date(deps.clock.now())
  const comment = given.comment ?? ''
  const row = await deps.db.transaction().execute(async tx => {
    const held = await holdRequest(tx, place)
    assertReviewable(held, personId, given)
    const { verdict, roles } = given
    await keepVerdict(tx, held, { person_id: personId, who: whoOf(actor), roles, verdict, comment, at })
    await journal(tx, {
      ...entryOf(deps, place, held),
      verb: verdict,
      ...(comment === '' ? {} : { comment }),
    })
    return verdict === 'reject' ? updateRequest(tx, held.id, { status: 'rejected', updated_at: at }) : held
  })
  tell(deps, place, row)
  return row
}

/** Takes a request back: it is over. */
export async function cancelRequest(deps: ApprovalDeps, place: RequestPlace): Promise<RequestRow> {
  const row = await deps.db.transaction().execute(async tx => {
    const held = await holdRequest(tx, place)
    await journal(tx, { ...entryOf(deps, place, held), verb: 'cancel' })
    const at = new Date(deps.clock.now())
    return updateRequest(tx, held.id, { ...OVER, ...withoutIds(held), status: 'cancelled', updated_at: at })
  })
  tell(deps, place, row)
  return row
}

/** Has it applied at a time; null takes the time back. */
export async function scheduleRequest(
  deps: ApprovalDeps,
  place: RequestPlace,
  applyAt: Date | null,
): Promise<RequestRow> {
  const now = new Date(deps.clock.now())
  if (applyAt !== null && applyAt <= now) throw new AppError('invalid-request', 'at: is in the past; apply it now.')
  const row = await deps.db.transaction().execute(async tx => {
    const held = await holdRequest(tx, place)
    await journal(tx, {
      ...entryOf(deps, place, held),
      verb: 'schedule',
      before: { applyAt: held.apply_at?.toISOString() ?? null },
      after: { applyAt: applyAt?.toISOString() ?? null },
    })
    return updateRequest(tx, held.id, { apply_at: applyAt, problem: null, updated_at: now })
  })
  tell(deps, place, row)
  return row
}
