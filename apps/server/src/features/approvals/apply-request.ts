import type { AuditFlagged } from '@dimmer/protocol'
import { type Actor, CONTROLLER, whoOf } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import { journal } from '../../kernel/journal.ts'
import { assertSegmentsMakeSense, changeConfigIn } from '../flags/index.ts'
import { type RulesetChanged, selectEnvironmentsOfProject } from '../projects/index.ts'
import { patchSegmentIn } from '../segments/index.ts'
import type { ApprovalDeps } from './approval-deps.ts'
import { approvalsGiven } from './approvals-rules.ts'
import {
  type RequestRow,
  selectDue,
  selectRequest,
  selectReviews,
  selectSegmentParts,
  updateRequest,
} from './approvals-store.ts'
import { assertBasis } from './basis.ts'
import { type Demand, demandsOf } from './demands.ts'
import { environmentOf } from './find-request.ts'
import { entryOf, holdRequest, OVER, type RequestPlace, tell, withoutIds } from './hold-request.ts'

interface Held {
  readonly place: RequestPlace
  readonly row: RequestRow
}

const lacking = (row: RequestRow, given: number, { policy, environment }: Demand): AppError =>
  new AppError(
    'approval-needed',
    row.status === 'rejected'
      ? 'This change request was rejected; edit it first.'
      : `It has ${given} of ${policy?.approvals ?? 0} approvals by ${policy?.roles.join(', ') ?? ''} for ${environment}.`,
  )

/** Refuses a request that lacks approvals; says if somebody goes past them. */
async function assertApproved(deps: ApprovalDeps, tx: Tx, { place, row }: Held): Promise<AuditFlagged | undefined> {
  const reviews = await selectReviews(tx, [row.id])
  for (const demand of await demandsOf(deps, tx, row)) {
    if (demand.policy === null || demand.reasons.length === 0) continue
    const given = approvalsGiven(reviews, row, demand)
    if (row.status === 'open' && given >= demand.policy.approvals) continue
    if (place.actor.breakGlass !== undefined) return 'break-glass'
    throw lacking(row, given, demand)
  }
  return undefined
}

async function changeIn(
  deps: ApprovalDeps,
  tx: Tx,
  { place, row, actor }: Held & { readonly actor: Actor },
): Promise<{ readonly changes: readonly RulesetChanged[]; readonly flagged: AuditFlagged | undefined }> {
  let flagged: AuditFlagged | undefined
  const guard = async () => {
    flagged = await assertApproved(deps, tx, { place, row })
    return flagged
  }
  // Both are asked once nobody else can change anything there.
  const check = () => assertBasis(tx, row)
  if (row.segment_key !== null) {
    const change = {
      place: { projectId: row.project_id, key: row.segment_key, actor },
      parts: (await selectSegmentParts(tx, row.id)) ?? {},
      check,
    }
    const asked = { clock: deps.clock, assertRuleset: assertSegmentsMakeSense, guardSegment: guard }
    return { changes: await patchSegmentIn(tx, asked, change), flagged }
  }
  const environment = await environmentOf(tx, row)
  const { after, flag_key: flagKey, base_version: ifVersion } = row
  const changed = await changeConfigIn(tx, deps.clock, {
    environment,
    flagKey,
    actor,
    ifVersion,
    change: () => after,
    guard: async () => {
      await check()
      return guard()
    },
  })
  return { changes: [changed], flagged }
}

async function applyIn(
  deps: ApprovalDeps,
  tx: Tx,
  asked: { readonly place: RequestPlace; readonly revision: number | undefined },
): Promise<{ readonly row: RequestRow; readonly changes: readonly RulesetChanged[] }> {
  const { place, revision } = asked
  const row = await holdRequest(tx, place)
  if (revision !== undefined && revision !== row.revision) {
    throw new AppError('version-conflict', 'The change request was edited since you read it. Look at it again.')
  }
  const { actor } = place
  const why = `Change request "${row.title}" of ${row.author.name}`
  const comment = actor.breakGlass ?? actor.comment ?? why
  const { changes, flagged } = await changeIn(deps, tx, { place, row, actor: { ...actor, comment } })
  const versions = changes.map(({ environmentKey, patch }) => [environmentKey, patch.to] as const)
  const [[, version] = []] = versions
  await journal(tx, {
    ...entryOf(deps, place, row),
    verb: 'apply',
    after: row.segment_key === null ? { version } : { versions: Object.fromEntries(versions) },
    ...(flagged === undefined ? {} : { flagged }),
  })
  const at = new Date(deps.clock.now())
  const applied = await updateRequest(tx, row.id, {
    ...OVER,
    ...withoutIds(row),
    status: 'applied',
    applied_at: at,
    updated_at: at,
    applied_by: whoOf(actor),
    ...(row.segment_key === null && version !== undefined && { applied_version: version }),
    problem: null,
  })
  return { row: applied, changes }
}

/**
 * Makes the change. Request, flag or segment, outbox and journal change together or not at all; of two that apply it at
 * once, the second is refused. So is one whose flag, or a segment on which it depends, was changed since.
 */
export async function applyRequest(deps: ApprovalDeps, place: RequestPlace, revision?: number): Promise<RequestRow> {
  const { row, changes } = await deps.db.transaction().execute(tx => applyIn(deps, tx, { place, revision }))
  for (const changed of changes) deps.hub.emit('ruleset-changed', changed)
  tell(deps, place, row)
  return row
}

/** What was scheduled and can't be applied waits for people; it is not tried again. */
async function giveUp(deps: ApprovalDeps, place: RequestPlace, problem: string): Promise<void> {
  const row = await deps.db.transaction().execute(async tx => {
    const held = await holdRequest(tx, place)
    await journal(tx, { ...entryOf(deps, place, held), verb: 'schedule', after: { applyAt: null, problem } })
    return updateRequest(tx, held.id, { apply_at: null, problem, updated_at: new Date(deps.clock.now()) })
  })
  tell(deps, place, row)
}

const BY_SCHEDULE: Actor = { ...CONTROLLER, comment: 'At the time that was set for it' }

async function applyOne(deps: ApprovalDeps, due: Pick<RequestRow, 'id' | 'project_id'>): Promise<void> {
  const row = await selectRequest(deps.db, due.project_id, due.id)
  if (row === undefined) return
  const environments = await selectEnvironmentsOfProject(deps.db, due.project_id)
  const environment = environments.find(({ id }) => row.segment_key === null && id === row.environment_id)
  const key = environments[0]?.projectKey ?? ''
  const place: RequestPlace = {
    project: { id: due.project_id, key },
    id: due.id,
    actor: BY_SCHEDULE,
    ...(environment && { environment }),
  }
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
