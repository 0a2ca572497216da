import type { CreateChangeRequest, CreateSegmentRequest, EditChangeRequest } from '@dimmer/protocol'
import { type Actor, whoOf } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/database.ts'
import { newId } from '../../kernel/ids.ts'
import { journal } from '../../kernel/journal.ts'
import { type Environment, projectOf } from '../projects/index.ts'
import type { ApprovalDeps } from './approval-deps.ts'
import {
  insertRequest,
  insertReview,
  type RequestChange,
  type RequestRow,
  selectSegmentParts,
  updateRequest,
} from './approvals-store.ts'
import { draftConfig, draftSegment, editedConfig, editedParts } from './draft-change.ts'
import { entryOf, holdRequest, personBehind, type RequestPlace, tell } from './hold-request.ts'

/** Where a new request is made. */
type NewPlace = Omit<RequestPlace, 'id'>

interface Said {
  readonly actor: Actor
  readonly comment: string | undefined
  readonly at: Date
}

async function say(tx: Tx, row: RequestRow, { actor, comment, at }: Said): Promise<void> {
  if (!comment) return
  await insertReview(tx, {
    request_id: row.id,
    revision: row.revision,
    person_id: personBehind(actor),
    who: whoOf(actor),
    roles: {},
    verdict: 'comment',
    comment,
    at,
  })
}

/** What all new requests have in common. */
const fresh = ({ project, actor }: NewPlace, { title, at }: { readonly title: string; readonly at: Date }) => ({
  id: newId(),
  project_id: project.id,
  title,
  status: 'open' as const,
  revision: 1,
  author: whoOf(actor),
  writers: [personBehind(actor)],
  created_at: at,
  updated_at: at,
  apply_at: null,
  problem: null,
  applied_at: null,
  applied_by: null,
})

async function noteRequest(deps: ApprovalDeps, tx: Tx, noted: { place: NewPlace; row: RequestRow; comment?: string }) {
  const { place, row, comment } = noted
  await say(tx, row, { actor: place.actor, comment, at: row.created_at })
  await journal(tx, {
    ...entryOf(deps, place, row),
    verb: 'request',
    before: row.before,
    after: { title: row.title, ...(row.segment_key !== null && { segment: row.segment_key }), ...row.after },
    ...(comment ? { comment } : {}),
  })
}

/** Writes a change of a flag down for others to approve. Nothing changes for anybody. */
export async function requestChange(
  deps: ApprovalDeps,
  asked: { readonly environment: Environment; readonly flagKey: string; readonly actor: Actor },
  { title, change, ifVersion, ...said }: CreateChangeRequest,
): Promise<RequestRow> {
  const { environment, flagKey, actor } = asked
  const place: NewPlace = { project: projectOf(environment), environment, actor }
  const at = new Date(deps.clock.now())
  const row = await deps.db.transaction().execute(async tx => {
    const made: RequestRow = {
      ...fresh(place, { title, at }),
      ...(await draftConfig(tx, environment, { flagKey, change, ifVersion })),
      environment_id: environment.id,
      flag_key: flagKey,
      segment_key: null,
      applied_version: null,
    }
    await insertRequest(tx, made)
    await noteRequest(deps, tx, { place, row: made, ...said })
    return made
  })
  tell(deps, place, row)
  return row
}

/** The same for a change of a segment, which reaches every environment. */
export async function requestSegmentChange(
  deps: ApprovalDeps,
  asked: { readonly place: NewPlace; readonly segment: string },
  { title, change, ifUpdatedAt, ...said }: CreateSegmentRequest,
): Promise<RequestRow> {
  const { place, segment: key } = asked
  const parts = change.segment
  const at = new Date(deps.clock.now())
  const row = await deps.db.transaction().execute(async tx => {
    const made: RequestRow = {
      ...fresh(place, { title, at }),
      ...(await draftSegment(tx, place.project.id, { key, parts, ifUpdatedAt })),
      segment_key: key,
      flag_key: null,
    }
    await insertRequest(tx, made, parts)
    await noteRequest(deps, tx, { place, row: made, ...said })
    return made
  })
  tell(deps, place, row)
  return row
}

/** The change as it is asked for now. */
async function redraft(
  tx: Tx,
  held: { readonly place: RequestPlace; readonly row: RequestRow },
  edit: EditChangeRequest,
): Promise<RequestChange> {
  const { place, row } = held
  if (row.segment_key !== null) {
    const parts = editedParts(await selectSegmentParts(tx, row.id), edit)
    const draft = await draftSegment(tx, row.project_id, { key: row.segment_key, parts, ifUpdatedAt: undefined })
    return { ...draft, segment_parts: parts }
  }
  if (place.environment === undefined) return {}
  const change = editedConfig(row, edit)
  return draftConfig(tx, place.environment, { flagKey: row.flag_key, change, ifVersion: edit.ifVersion })
}

/** Changes what is asked for, from what is there now: approvals given so far no longer count. */
export async function editRequest(
  deps: ApprovalDeps,
  place: RequestPlace,
  input: EditChangeRequest,
): Promise<RequestRow> {
  const { actor } = place
  const at = new Date(deps.clock.now())
  const row = await deps.db.transaction().execute(async tx => {
    const held = await holdRequest(tx, place)
    const edited = await updateRequest(tx, held.id, {
      ...(await redraft(tx, { place, row: held }, input)),
      title: input.title ?? held.title,
      status: 'open',
      revision: held.revision + 1,
      writers: [...new Set([...held.writers, personBehind(actor)])],
      updated_at: at,
      problem: null,
    })
    await say(tx, edited, { actor, comment: input.comment, at })
    await journal(tx, { ...entryOf(deps, place, edited), verb: 'edit', before: held.after, after: edited.after })
    return edited
  })
  tell(deps, place, row)
  return row
}
