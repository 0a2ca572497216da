import type { Segment, SegmentKey } from '@dimmer/engine'
import type { PatchSegment, PutSegment } from '@dimmer/protocol'
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
import { describeSegment, patched, useWords } from './segments-rules.ts'
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
}

export interface SegmentPlace {
  readonly projectId: string
  readonly key: SegmentKey
  readonly actor: Actor
}

type Acted = Pick<JournalEntry, 'verb' | 'before' | 'after'>

interface Written {
  readonly segment: Segment | null
  readonly acted: Acted
}

/** A segment belongs to the whole project: each change is a new ruleset version in every environment, or in none. */
async function changeEverywhere(
  deps: SegmentDeps,
  place: SegmentPlace,
  write: (tx: Tx, at: Date) => Promise<Written>,
): Promise<void> {
  const at = new Date(deps.clock.now())
  const changes = await deps.db.transaction().execute(async tx => {
    const versions: { environment: Environment; version: number }[] = []
    for (const environment of await selectEnvironmentsOfProject(tx, place.projectId)) {
      versions.push({ environment, version: await nextVersion(tx, environment.id) })
    }
    const written = await write(tx, at)
    const told: RulesetChanged[] = []
    for (const { environment, version } of versions) {
      await deps.assertRuleset(tx, environment)
      const segments = { [place.key]: written.segment }
      told.push(await recordChange(tx, { environment, version, segments, actor: place.actor, at }))
    }
    const [first] = versions
    await journal(tx, {
      actor: place.actor,
      at,
      object: { kind: 'segment', key: place.key },
      ...(first && { project: projectOf(first.environment) }),
      ...written.acted,
    })
    return told
  })
  for (const changed of changes) deps.hub.emit('ruleset-changed', changed)
}

async function save(
  tx: Tx,
  place: SegmentPlace,
  made: {
    readonly segment: Segment
    readonly name: string
    readonly at: Date
    readonly before: SegmentRow | undefined
  },
): Promise<Written> {
  const { segment, name, at, before } = made
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
  const acted: Acted = {
    verb: before === undefined ? 'create' : 'change',
    before: before && describeSegment(before),
    after: describeSegment(row),
  }
  return { segment, acted }
}

/** Makes a segment or replaces it. */
export const putSegment = (deps: SegmentDeps, place: SegmentPlace, input: PutSegment): Promise<void> => {
  const { name, ...parts } = input
  const segment: Segment = { key: place.key, ...parts }
  return changeEverywhere(deps, place, async (tx, at) => {
    const before = await selectSegmentRow(tx, place.projectId, place.key)
    return save(tx, place, { segment, name: name ?? place.key, at, before })
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

/** Changes the parts that are named and keeps the others. */
export const patchSegment = (deps: SegmentDeps, place: SegmentPlace, parts: PatchSegment): Promise<void> =>
  changeEverywhere(deps, place, async (tx, at) => {
    const before = await findSegmentRow(tx, place)
    const { ifUpdatedAt } = parts
    if (ifUpdatedAt !== undefined && ifUpdatedAt !== before.updated_at.toISOString()) {
      throw new AppError(
        'version-conflict',
        `The segment was changed at ${before.updated_at.toISOString()}, after you read it. Read it again and repeat the change.`,
      )
    }
    const ids = await selectIds(tx, place.projectId, place.key)
    const whole = segmentOf(before.definition, ids ?? { list_ids: null, exclude_ids: null })
    return save(tx, place, { segment: patched(whole, parts), name: parts.name ?? before.name, at, before })
  })

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
