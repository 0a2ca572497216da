import type { Segment, SegmentKey } from '@dimmer/engine'
import type { PutSegment, SegmentView } from '@dimmer/protocol'
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
import { describeSegment } from './segments-rules.ts'
import { deleteSegmentRow, presentSegment, saveSegment, selectSegmentRow } from './segments-store.ts'

export interface SegmentDeps {
  readonly db: Db
  readonly clock: Clock
  readonly hub: Hub<RulesetEvents>
  /** Refuses, with `invalid-segment`, when the environment would not make sense with the segments as they are in `tx`. */
  readonly assertRuleset: (tx: Tx, environment: Environment) => Promise<void>
}

interface SegmentPlace {
  readonly projectId: string
  readonly key: SegmentKey
  readonly actor: Actor
}

type Acted = Pick<JournalEntry, 'verb' | 'before' | 'after'>

/** A segment belongs to the whole project: each change is a new ruleset version in every environment, or in none. */
async function changeEverywhere<T>(
  deps: SegmentDeps,
  place: SegmentPlace,
  write: (tx: Tx, at: Date) => Promise<{ readonly segment: Segment | null; readonly result: T; readonly acted: Acted }>,
): Promise<T> {
  const at = new Date(deps.clock.now())
  const { result, changes } = await deps.db.transaction().execute(async tx => {
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
    return { result: written.result, changes: told }
  })
  for (const changed of changes) deps.hub.emit('ruleset-changed', changed)
  return result
}

/** Makes a segment or replaces it. */
export const putSegment = (deps: SegmentDeps, place: SegmentPlace, input: PutSegment): Promise<SegmentView> => {
  const { name, ...parts } = input
  const definition: Segment = { key: place.key, ...parts }
  return changeEverywhere(deps, place, async (tx, at) => {
    const before = await selectSegmentRow(tx, place.projectId, place.key)
    const row = await saveSegment(tx, {
      project_id: place.projectId,
      key: place.key,
      name: name ?? place.key,
      definition,
      created_at: at,
      updated_at: at,
    })
    const acted: Acted = {
      verb: before === undefined ? 'create' : 'change',
      before: before && describeSegment(before),
      after: describeSegment(row),
    }
    return { segment: definition, result: presentSegment(row), acted }
  })
}

/** Takes a segment away; refused while a rule or another segment uses it. */
export const deleteSegment = (deps: SegmentDeps, place: SegmentPlace): Promise<void> =>
  changeEverywhere(deps, place, async tx => {
    const before = await selectSegmentRow(tx, place.projectId, place.key)
    if (before === undefined || !(await deleteSegmentRow(tx, place.projectId, place.key))) {
      throw new AppError('segment-not-found', `There is no segment "${place.key}" in this project.`)
    }
    return { segment: null, result: undefined, acted: { verb: 'delete', before: describeSegment(before) } }
  })
