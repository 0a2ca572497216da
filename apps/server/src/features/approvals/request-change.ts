import type { CreateChangeRequest, EditChangeRequest, FlagConfig, RequestedChange } from '@dimmer/protocol'
import { type Actor, personIdOf, whoOf } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { journal } from '../../kernel/journal.ts'
import { assertConfigMakesSense, type ConfigRow, findFlag, selectConfig, withShare } from '../flags/index.ts'
import { type Environment, projectOf } from '../projects/index.ts'
import type { ApprovalDeps } from './approval-deps.ts'
import { insertRequest, insertReview, lockRequest, type RequestRow, updateRequest } from './approvals-store.ts'

/** A request, and who does something to it. */
export interface RequestPlace {
  readonly environment: Environment
  readonly id: string
  readonly actor: Actor
}

const idOf = (actor: Actor): string => personIdOf(actor) ?? actor.id

function requestedConfig(before: FlagConfig, change: RequestedChange): FlagConfig {
  if ('config' in change) return change.config
  if ('on' in change) return { ...before, on: change.on }
  const after = withShare(before, change.rule, change.share)
  if (after === undefined) throw new AppError('rule-not-found', `The flag has no rule "${change.rule}" here.`)
  return after
}

/** The config as it is now; refuses a change that was made from an older one. */
async function baseOf(
  tx: Tx,
  environment: Environment,
  { flagKey, ifVersion }: { readonly flagKey: string; readonly ifVersion: number | undefined },
): Promise<ConfigRow> {
  const flag = await findFlag(tx, environment.projectId, flagKey)
  const row = await selectConfig(tx, flag.id, environment.id)
  if (row === undefined) throw new AppError('flag-not-found', `The flag "${flagKey}" is not in this environment.`)
  if (ifVersion !== undefined && ifVersion !== row.version) {
    throw new AppError(
      'version-conflict',
      `The flag is at version ${row.version} now, you started from ${ifVersion}. Read it again and repeat the change.`,
    )
  }
  return row
}

/** The request as it is in this transaction, which nobody else changes meanwhile; refuses one that is over. */
export async function holdRequest(tx: Tx, { environment, id }: RequestPlace): Promise<RequestRow> {
  const row = await lockRequest(tx, environment.projectId, id)
  if (row === undefined || row.environment_id !== environment.id) {
    throw new AppError('change-request-not-found', `There is no change request "${id}" in this project.`)
  }
  if (row.status === 'open' || row.status === 'rejected') return row
  throw new AppError('not-allowed-now', `This change request is ${row.status} already.`)
}

export function tell(deps: ApprovalDeps, environment: Environment, row: RequestRow): void {
  deps.announce(environment.projectKey, {
    type: 'change-request-changed',
    request: row.id,
    flag: row.flag_key,
    environment: environment.key,
  })
}

/** What all entries about a request have in common. */
export const entryOf = (deps: ApprovalDeps, { environment, actor }: Omit<RequestPlace, 'id'>, row: RequestRow) => ({
  actor,
  at: new Date(deps.clock.now()),
  object: { kind: 'change-request', key: row.id },
  project: projectOf(environment),
  environment: environment.key,
  flag: row.flag_key,
})

async function say(tx: Tx, row: RequestRow, said: { actor: Actor; comment: string; at: Date }) {
  if (said.comment === '') return
  await insertReview(tx, {
    request_id: row.id,
    revision: row.revision,
    person_id: idOf(said.actor),
    who: whoOf(said.actor),
    role: 'viewer',
    verdict: 'comment',
    comment: said.comment,
    at: said.at,
  })
}

/** Writes a change down for others to approve. Nothing changes for anybody. */
export async function requestChange(
  deps: ApprovalDeps,
  place: { readonly environment: Environment; readonly flagKey: string; readonly actor: Actor },
  input: CreateChangeRequest,
): Promise<RequestRow> {
  const { environment, flagKey, actor } = place
  const at = new Date(deps.clock.now())
  const row = await deps.db.transaction().execute(async tx => {
    const base = await baseOf(tx, environment, { flagKey, ifVersion: input.ifVersion })
    const after = requestedConfig(base.config, input.change)
    await assertConfigMakesSense(tx, environment, { flagKey, config: after })
    const made: RequestRow = {
      id: newId(),
      project_id: environment.projectId,
      environment_id: environment.id,
      flag_key: flagKey,
      title: input.title,
      status: 'open',
      revision: 1,
      before: base.config,
      after,
      base_version: base.version,
      author: whoOf(actor),
      writers: [idOf(actor)],
      created_at: at,
      updated_at: at,
      apply_at: null,
      problem: null,
      applied_at: null,
      applied_by: null,
      applied_version: null,
    }
    await insertRequest(tx, made)
    await say(tx, made, { actor, comment: input.comment ?? '', at })
    const said = input.comment ? { comment: input.comment } : {}
    await journal(tx, {
      ...entryOf(deps, place, made),
      verb: 'request',
      before: made.before,
      after: { title: made.title, ...after },
      ...said,
    })
    return made
  })
  tell(deps, environment, row)
  return row
}

/** Changes what is asked for, from the flag as it is now: approvals given so far no longer count. */
export async function editRequest(
  deps: ApprovalDeps,
  place: RequestPlace,
  input: EditChangeRequest,
): Promise<RequestRow> {
  const { environment, actor } = place
  const at = new Date(deps.clock.now())
  const row = await deps.db.transaction().execute(async tx => {
    const held = await holdRequest(tx, place)
    const base = await baseOf(tx, environment, { flagKey: held.flag_key, ifVersion: input.ifVersion })
    const after = requestedConfig(base.config, input.change)
    await assertConfigMakesSense(tx, environment, { flagKey: held.flag_key, config: after })
    const edited = await updateRequest(tx, held.id, {
      title: input.title ?? held.title,
      status: 'open',
      revision: held.revision + 1,
      before: base.config,
      after,
      base_version: base.version,
      writers: [...new Set([...held.writers, idOf(actor)])],
      updated_at: at,
      problem: null,
    })
    await say(tx, edited, { actor, comment: input.comment ?? '', at })
    await journal(tx, { ...entryOf(deps, place, edited), verb: 'edit', before: held.after, after })
    return edited
  })
  tell(deps, environment, row)
  return row
}
