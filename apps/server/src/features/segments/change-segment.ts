import type { Segment, SegmentKey } from '@dimmer/engine'
import type { AuditFlagged, PatchSegment, PutSegment } from '@dimmer/protocol'
import type { Actor } from '../../kernel/actor.ts'
import type { Db, Tx } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Hub } from '../../kernel/hub.ts'
import { type JournalEntry, journal } from '../../kernel/journal.ts'
import type { Clock } from '../../ports/clock.ts'
import {
  type Environment,
  nextVersion,
  projectOf,
  type RulesetChanged,
  type RulesetEvents,
  recordChange,
  selectEnvironmentsOfProject,
} from '../projects/index.ts'
import { type FindUsesInRules, usesOfSegments } from './segment-uses.ts'
import { describeSegment, digestOf, patched, useWords } from './segments-rules.ts'
import {
  deleteSegmentRow,
  type SegmentRow,
  saveSegment,
  segmentOf,
  selectIds,
  selectSegmentRow,
} from './segments-store.ts'

export interface SegmentDeps {
  readonly db: Db
  readonly clock: Clock
  readonly hub: Hub<RulesetEvents>
  /** Refuses, with `invalid-segment`, when the environment would not make sense with the segments as they are in `tx`. */
  readonly assertRuleset: (tx: Tx, environment: Environment) => Promise<void>
  readonly usesInRules: FindUsesInRules
  /** Refuses, with `approval-needed`, direct changes that others must approve. */
  readonly guardSegment: GuardSegment
}

export interface SegmentPlace {
  readonly projectId: string
  readonly key: SegmentKey
  readonly actor: Actor
}

/** A segment that changes, as those see it who may have to approve it. */
export interface GuardedSegment {
  readonly place: SegmentPlace
  readonly environments: readonly Environment[]
}

/**
 * Asked while nobody else can change anything in the project, and only where the change means anything for those who are
 * asked for the flags: refuses, or says how the journal flags the change.
 */
export type GuardSegment = (tx: Tx, change: GuardedSegment) => Promise<AuditFlagged | undefined>

type Acted = Pick<JournalEntry, 'verb' | 'before' | 'after' | 'flagged'>

interface Written {
  readonly segment: Segment | null
  readonly acted: Acted
}

type Write = (tx: Tx, now: { readonly at: Date; readonly environments: readonly Environment[] }) => Promise<Written>

/** A segment belongs to the whole project: each change is a new ruleset version in every environment, or in none. */
async function changeEverywhereIn(
  tx: Tx,
  deps: Pick<SegmentDeps, 'clock' | 'assertRuleset'>,
  change: { readonly place: SegmentPlace; readonly write: Write },
): Promise<readonly RulesetChanged[]> {
  const { place, write } = change
  const at = new Date(deps.clock.now())
  const environments = await selectEnvironmentsOfProject(tx, place.projectId)
  const versions: { environment: Environment; version: number }[] = []
  for (const environment of environments) {
    versions.push({ environment, version: await nextVersion(tx, environment.id) })
  }
  const written = await write(tx, { at, environments })
  const told: RulesetChanged[] = []
  for (const { environment, version } of versions) {
    await deps.assertRuleset(tx, environment)
    const segments = { [place.key]: written.segment }
    told.push(await recordChange(tx, { environment, version, segments, actor: place.actor, at }))
  }
  const [first] = environments
  await journal(tx, {
    actor: place.actor,
    at,
    object: { kind: 'segment', key: place.key },
    ...(first && { project: projectOf(first) }),
    ...written.acted,
  })
  return told
}

async function changeEverywhere(deps: SegmentDeps, place: SegmentPlace, write: Write): Promise<void> {
  const changes = await deps.db.transaction().execute(tx => changeEverywhereIn(tx, deps, { place, write }))
  for (const changed of changes) deps.hub.emit('ruleset-changed', changed)
}

interface Saved {
  readonly segment: Segment
  readonly name: string
  readonly at: Date
  readonly before: SegmentRow | undefined
  readonly environments: readonly Environment[]
}

async function save(
  tx: Tx,
  place: SegmentPlace,
  { guard, ...made }: Saved & { guard: GuardSegment },
): Promise<Written> {
  const { segment, name, at, before, environments } = made
  const { list, exclude, ...rest } = segment
  const row = await saveSegment(tx, {
    project_id: place.projectId,
    key: place.key,
    name,
    definition: {
      ...rest,
      ...(list && { list: { unit: list.unit } }),
      ...(exclude && { exclude: { unit: exclude.unit } }),
    },
    list_ids: list?.ids ?? null,
    exclude_ids: exclude?.ids ?? null,
    created_at: at,
    updated_at: at,
  })
  const renamed = before !== undefined && digestOf(before) === digestOf(row)
  const flagged = renamed ? undefined : await guard(tx, { place, environments })
  const acted: Acted = {
    verb: before === undefined ? 'create' : 'change',
    before: before && describeSegment(before),
    after: describeSegment(row),
    ...(flagged === undefined ? {} : { flagged }),
  }
  return { segment, acted }
}

/** Makes a segment or replaces it. */
export const putSegment = (deps: SegmentDeps, place: SegmentPlace, input: PutSegment): Promise<void> => {
  const { name, ...parts } = input
  const segment: Segment = { key: place.key, ...parts }
  return changeEverywhere(deps, place, async (tx, now) => {
    const before = await selectSegmentRow(tx, place.projectId, place.key)
    return save(tx, place, { ...now, segment, name: name ?? place.key, before, guard: deps.guardSegment })
  })
}

/** The row of a segment; refuses with `segment-not-found`. */
export async function findSegmentRow(
  db: Db | Tx,
  { projectId, key }: Omit<SegmentPlace, 'actor'>,
): Promise<SegmentRow> {
  const row = await selectSegmentRow(db, projectId, key)
  if (row === undefined) throw new AppError('segment-not-found', `There is no segment "${key}" in this project.`)
  return row
}

/** Refuses a change that was made from an older state of the segment. */
export function assertUnchangedSince(row: SegmentRow, updatedAt: string | undefined): void {
  if (updatedAt === undefined || updatedAt === row.updated_at.toISOString()) return
  throw new AppError(
    'version-conflict',
    `The segment was changed at ${row.updated_at.toISOString()}, after you read it. Read it again and repeat the change.`,
  )
}

/** The segment with all its ids, and as it would be with other parts. */
export async function patchedIn(
  tx: Tx,
  before: SegmentRow,
  parts: Omit<PatchSegment, 'ifUpdatedAt'>,
): Promise<{ readonly segment: Segment; readonly former: Segment; readonly name: string }> {
  const ids = await selectIds(tx, before.project_id, before.key)
  const former = segmentOf(before.definition, ids ?? { list_ids: null, exclude_ids: null })
  return { former, segment: patched(former, parts), name: parts.name ?? before.name }
}

/** Changes a segment inside the caller's transaction, who tells the hub after the commit. */
export const patchSegmentIn = (
  tx: Tx,
  deps: Pick<SegmentDeps, 'clock' | 'assertRuleset' | 'guardSegment'>,
  change: {
    readonly place: SegmentPlace
    readonly parts: PatchSegment
    /** Asked while nobody else can change anything in the project, before anything is saved. */
    readonly check?: () => Promise<void>
  },
): Promise<readonly RulesetChanged[]> => {
  const { place, parts, check } = change
  return changeEverywhereIn(tx, deps, {
    place,
    write: async (_tx, now) => {
      const before = await findSegmentRow(tx, place)
      assertUnchangedSince(before, parts.ifUpdatedAt)
      await check?.()
      const { segment, name } = await patchedIn(tx, before, parts)
      return save(tx, place, { ...now, segment, name, before, guard: deps.guardSegment })
    },
  })
}

/** Changes the parts that are named and keeps the others. */
export async function patchSegment(deps: SegmentDeps, place: SegmentPlace, parts: PatchSegment): Promise<void> {
  const changes = await deps.db.transaction().execute(tx => patchSegmentIn(tx, deps, { place, parts }))
  for (const changed of changes) deps.hub.emit('ruleset-changed', changed)
}

/** Takes a segment away; refused while a rule or another segment names it. */
export const deleteSegment = (deps: SegmentDeps, place: SegmentPlace): Promise<void> =>
  changeEverywhere(deps, place, async tx => {
    const before = await findSegmentRow(tx, place)
    const uses = (await usesOfSegments(tx, place.projectId, deps.usesInRules)).get(place.key) ?? []
    if (uses.length > 0) {
      const words = uses.map(useWords)
      throw new AppError('segment-in-use', `The segment "${place.key}" is in use: ${words.join(', ')}.`, {
        details: words.map(message => ({ path: place.key, message })),
      })
    }
    await deleteSegmentRow(tx, place.projectId, place.key)
    return { segment: null, acted: { verb: 'delete', before: describeSegment(before) } }
  })
