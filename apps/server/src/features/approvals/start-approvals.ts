import { createHash } from 'node:crypto'
import type { Role, StartApprovalsView } from '@dimmer/protocol'
import { type Actor, whoOf } from '../../kernel/actor.ts'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import { type Db, isUniqueViolation, type Tx } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import { journal } from '../../kernel/journal.ts'
import { findFlag, selectConfig } from '../flags/index.ts'
import { type Environment, projectOf } from '../projects/index.ts'
import { basisOfConfig } from './basis.ts'
import { personBehind } from './hold-request.ts'
import { findPolicy, type PolicyDeps } from './policies.ts'
import { insertStartApproval, selectStartApprovals } from './start-approvals-store.ts'
import {
  countsForStart,
  type PlannedStart,
  type Starter,
  type StartThere,
  startNeeds,
  startsGiven,
  whyNotApprover,
  whyNotStarter,
} from './start-rules.ts'

/** A rollout that waits to be started, and who asks. */
export interface StartAsked extends PlannedStart {
  readonly rolloutId: string
  readonly environment: Environment
  readonly flagKey: string
  readonly actor: Actor
  /** Of who asks, in the environment. */
  readonly role: Role
}

const TWICE = 'You have approved it.'

/** What an approval is of beside the plan, which never changes: who gets what, but not whether the flag is on. */
async function basisNow(tx: Tx, { environment, flagKey }: StartAsked): Promise<string> {
  const flag = await findFlag(tx, environment.projectId, flagKey)
  const config = (await selectConfig(tx, flag.id, environment.id))?.config
  if (config === undefined) return ''
  const basis = await basisOfConfig(tx, environment.projectId, config)
  return createHash('sha256')
    .update(canonicalJson({ config: { ...config, on: null }, basis }))
    .digest('hex')
}

const whereOf = async (deps: PolicyDeps, tx: Tx, asked: StartAsked): Promise<StartThere> => ({
  policy: await findPolicy(deps, tx, asked.environment),
  approvers: await deps.approvers(tx, asked.environment),
  basis: await basisNow(tx, asked),
})

const starterOf = async (tx: Tx, { rolloutId, actor, role }: StartAsked) => ({
  id: personBehind(actor),
  role,
  approvals: await selectStartApprovals(tx, rolloutId),
})

/** What the start waits for, as the one who asks sees it. */
export const viewStart = (deps: PolicyDeps & { readonly db: Db }, asked: StartAsked): Promise<StartApprovalsView> =>
  deps.db.transaction().execute(async tx => {
    const there = await whereOf(deps, tx, asked)
    const { approvals, ...reader } = await starterOf(tx, asked)
    const starter: Starter = { ...reader, approvals }
    return {
      needed: startNeeds(there, asked),
      given: startsGiven(approvals, asked, there),
      roles: there.policy?.roles ?? [],
      approvals: approvals.map(row => ({
        who: row.who,
        role: row.role,
        note: row.note,
        at: row.at.toISOString(),
        counts: countsForStart(row, asked, there),
      })),
      whyNotStart: whyNotStarter(asked, there, starter) ?? null,
      whyNotApprove: whyNotApprover(asked, there, starter)?.message ?? null,
    }
  })

/** Approves that a rollout starts, with all its stages; refuses an approval that would not count. */
export async function approveStart(
  deps: PolicyDeps & { readonly db: Db },
  asked: StartAsked,
  note: string | undefined,
): Promise<void> {
  const { rolloutId, environment, flagKey, actor, role } = asked
  const at = new Date(deps.clock.now())
  await deps.db.transaction().execute(async tx => {
    const there = await whereOf(deps, tx, asked)
    const starter = await starterOf(tx, asked)
    const reason = whyNotApprover(asked, there, starter)
    if (reason !== undefined) throw new AppError(reason.code, reason.message)
    const row = { rollout_id: rolloutId, person_id: starter.id, who: whoOf(actor), role, basis: there.basis }
    await insertStartApproval(tx, { ...row, note: note ?? null, at }).catch((error: unknown) => {
      throw isUniqueViolation(error, 'start_approvals_pkey') ? new AppError('already-reviewed', TWICE) : error
    })
    await journal(tx, {
      actor,
      at,
      verb: 'approve',
      object: { kind: 'rollout', key: rolloutId },
      project: projectOf(environment),
      environment: environment.key,
      flag: flagKey,
      ...(note === undefined ? {} : { comment: note }),
    })
  })
}

/** What stands before the start of a rollout: enough people must have approved it, the one who starts it among them. */
export async function guardStart(deps: PolicyDeps & { readonly db: Db }, asked: StartAsked): Promise<void> {
  if (asked.actor.breakGlass !== undefined) return
  const reason = await deps.db
    .transaction()
    .execute(async tx => whyNotStarter(asked, await whereOf(deps, tx, asked), await starterOf(tx, asked)))
  if (reason !== undefined) throw new AppError('approval-needed', `In ${asked.environment.key}: ${reason}`)
}
