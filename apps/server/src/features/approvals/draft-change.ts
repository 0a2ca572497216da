import type { Segment, UnitList } from '@dimmer/engine'
import type { EditChangeRequest, FlagConfig, ListDifference, RequestedChange, SegmentChange } from '@dimmer/protocol'
import type { Tx } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import {
  assertConfigMakesSense,
  assertSegmentsMakeSense,
  type ConfigRow,
  findFlag,
  selectConfig,
  withShare,
} from '../flags/index.ts'
import { type Environment, selectEnvironmentsOfProject } from '../projects/index.ts'
import { assertUnchangedSince, findSegmentRow, partsOf, patchedIn, presentParts } from '../segments/index.ts'
import type { FlagRequestRow, SegmentRequestRow } from './approvals-store.ts'
import { basisOf, basisOfConfig } from './basis.ts'

export type FlagDraft = Pick<FlagRequestRow, 'before' | 'after' | 'base_version' | 'basis'>
export type SegmentDraft = Pick<SegmentRequestRow, 'before' | 'after' | 'list_changes' | 'basis'>

function requestedConfig(before: FlagConfig, change: RequestedChange): FlagConfig {
  if ('config' in change) return change.config
  if ('on' in change) return { ...before, on: change.on }
  const after = withShare(before, change.rule, change.share)
  if (after === undefined) throw new AppError('rule-not-found', `The flag has no rule "${change.rule}" here.`)
  return after
}

interface WantedConfig {
  readonly flagKey: string
  readonly change: RequestedChange
  readonly ifVersion: number | undefined
}

/** The config as it is now; refuses a change that was made from an older one. */
async function baseOf(tx: Tx, environment: Environment, { flagKey, ifVersion }: WantedConfig): Promise<ConfigRow> {
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

/** A change of a flag, from what is there now; refuses one that would make no sense. */
export async function draftConfig(tx: Tx, environment: Environment, wanted: WantedConfig): Promise<FlagDraft> {
  const base = await baseOf(tx, environment, wanted)
  const after = requestedConfig(base.config, wanted.change)
  await assertConfigMakesSense(tx, environment, { flagKey: wanted.flagKey, config: after })
  const basis = await basisOfConfig(tx, environment.projectId, after)
  return { before: base.config, after, base_version: base.version, basis }
}

const SHOWN_IDS = 100

function difference(of: 'list' | 'exclude', before?: UnitList, after?: UnitList): readonly ListDifference[] {
  const sameUnit = before?.unit === after?.unit
  const [old, now] = [new Set(before?.ids), new Set(after?.ids)]
  const added = [...now].filter(id => !sameUnit || !old.has(id))
  const removed = [...old].filter(id => !sameUnit || !now.has(id))
  if (added.length === 0 && removed.length === 0) return []
  return [
    {
      of,
      added: added.length,
      removed: removed.length,
      addedIds: added.slice(0, SHOWN_IDS),
      removedIds: removed.slice(0, SHOWN_IDS),
    },
  ]
}

const listChanges = (before: Segment, after: Segment): readonly ListDifference[] => [
  ...difference('list', before.list, after.list),
  ...difference('exclude', before.exclude, after.exclude),
]

/** A change of a segment, from what is there now; refuses one that would make no sense somewhere. */
export async function draftSegment(
  tx: Tx,
  projectId: string,
  wanted: {
    readonly key: string
    readonly parts: SegmentChange['segment']
    readonly ifUpdatedAt: string | undefined
  },
): Promise<SegmentDraft> {
  const row = await findSegmentRow(tx, { projectId, key: wanted.key })
  assertUnchangedSince(row, wanted.ifUpdatedAt)
  const { former, segment, name } = await patchedIn(tx, row, wanted.parts)
  for (const environment of await selectEnvironmentsOfProject(tx, projectId)) {
    await assertSegmentsMakeSense(tx, environment, { [wanted.key]: segment })
  }
  const units = [segment.list?.unit, segment.exclude?.unit].filter(unit => unit !== undefined)
  const basis = await basisOf(tx, projectId, { conditions: [segment], segment: wanted.key, units })
  return { before: presentParts(row), after: partsOf(name, segment), list_changes: listChanges(former, segment), basis }
}

const wrongKind = (about: string, wanted: string) =>
  new AppError('invalid-request', `change: This request is about a ${about}; send ${wanted}, or nothing to ask anew.`)

/** The change that an edit asks for; without one, the same again. */
export function editedConfig(row: FlagRequestRow, { change }: EditChangeRequest): RequestedChange {
  if (change === undefined) return { config: row.after }
  if ('segment' in change) throw wrongKind('flag', '{ config }, { on } or { rule, share }')
  return change
}

export function editedParts(kept: SegmentChange['segment'] | null, edit: EditChangeRequest): SegmentChange['segment'] {
  const { change = { segment: kept ?? {} } } = edit
  if (!('segment' in change)) throw wrongKind('segment', '{ segment }')
  if (edit.ifVersion === undefined) return change.segment
  throw new AppError('invalid-request', 'ifVersion: A segment has no version; leave it out.')
}
