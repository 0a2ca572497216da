import type { PutMetric } from '@dimmer/protocol'
import { defineMetric, type MetricDefinition, validateMetric } from '@dimmer/rollout'
import { sql } from 'kysely'
import type { Actor } from '../../../kernel/actor.ts'
import type { Db, Tx } from '../../../kernel/database.ts'
import { AppError } from '../../../kernel/errors.ts'
import { journal } from '../../../kernel/journal.ts'
import type { Clock } from '../../../ports/clock.ts'
import { type FoundUse, type LibraryMetric, metricsOf, sameDefinition, usesOf, useWords } from './library-rules.ts'
import { insertMetricRow, markDeleted, selectMetricRows } from './library-store.ts'

export interface LibraryDeps {
  readonly db: Db
  readonly clock: Clock
  /** Everything in a project that is judged by some metric and not over. */
  readonly usesOfMetrics: (db: Db | Tx, projectId: string) => Promise<readonly FoundUse[]>
}

export interface MetricPlace {
  readonly project: { readonly id: string; readonly key: string }
  readonly key: string
}

const MOST_METRICS = 500

/** Any constant: with a project it names the lock under which one request at a time changes its library. */
const LOCK = 4_403

const noMetric = (key: string): AppError =>
  new AppError('metric-not-found', `The library of this project has no metric "${key}".`)

/** Refuses with `metric-not-found`. */
export async function findMetric(db: Db | Tx, { project, key }: MetricPlace): Promise<LibraryMetric> {
  const found = metricsOf(await selectMetricRows(db, project.id)).find(({ newest }) => newest.key === key)
  if (found === undefined) throw noMetric(key)
  return found
}

/** Every version of the metrics that the library of a project has now. */
export async function selectLibrary(db: Db | Tx, projectId: string): Promise<readonly MetricDefinition[]> {
  return metricsOf(await selectMetricRows(db, projectId)).flatMap(({ versions }) =>
    versions.map(({ definition }) => definition),
  )
}

function assertMeasurable(metric: MetricDefinition): void {
  const problems = validateMetric(metric).map(({ path, message }) => ({ path: path.replace('metric.', ''), message }))
  if (problems.length === 0) return
  throw new AppError('invalid-metric', problems.map(({ message }) => message).join(' '), { details: problems })
}

function assertUnmoved(key: string, newest: number, expected: number | undefined): void {
  if (expected === undefined || expected === newest) return
  const now = newest === 0 ? 'it is not in the library' : `its newest version is ${newest}`
  throw new AppError(
    'version-conflict',
    `The metric "${key}" has moved on: ${now}, and you changed version ${expected}.`,
  )
}

const lock = (tx: Tx, projectId: string) =>
  sql`select pg_advisory_xact_lock(${LOCK}::integer, hashtext(${projectId}))`.execute(tx)

/**
 * Makes a metric, or its next version. The same again is no new version. What uses an earlier version goes on with that.
 * A key that was deleted and is used again goes on with its numbers.
 */
export async function putMetric(
  deps: Pick<LibraryDeps, 'db' | 'clock'>,
  place: MetricPlace & { readonly actor: Actor },
  { ifVersion, ...settings }: PutMetric,
): Promise<void> {
  const { project, key, actor } = place
  const at = new Date(deps.clock.now())
  await deps.db.transaction().execute(async tx => {
    await lock(tx, project.id)
    const rows = await selectMetricRows(tx, project.id)
    const last = rows.find(row => row.key === key)
    const metrics = metricsOf(rows)
    const newest = metrics.find(metric => metric.newest.key === key)?.newest
    assertUnmoved(key, newest?.version ?? 0, ifVersion)
    const definition = defineMetric({ ...settings, key, version: (last?.version ?? 0) + 1 })
    assertMeasurable(definition)
    if (newest && sameDefinition({ ...definition, version: newest.version }, newest.definition)) return
    if (newest === undefined && metrics.length >= MOST_METRICS) {
      throw new AppError('invalid-metric', `A library may have ${MOST_METRICS} metrics, not more.`)
    }
    await insertMetricRow(tx, {
      project_id: project.id,
      key,
      version: definition.version,
      definition,
      at,
      deleted_at: null,
    })
    await journal(tx, {
      actor,
      at,
      verb: newest === undefined ? 'create' : 'change',
      object: { kind: 'metric', key },
      project,
      before: newest?.definition,
      after: definition,
    })
  })
}

/** Takes a metric out of the library; refused while a rollout that is not over uses any version of it. */
export async function deleteMetric(deps: LibraryDeps, place: MetricPlace & { readonly actor: Actor }): Promise<void> {
  const { project, key, actor } = place
  const at = new Date(deps.clock.now())
  await deps.db.transaction().execute(async tx => {
    await lock(tx, project.id)
    const metric = await findMetric(tx, place)
    const uses = [...new Set(usesOf(metric, await deps.usesOfMetrics(tx, project.id)).map(useWords))]
    if (uses.length > 0) {
      throw new AppError('metric-in-use', `The metric "${key}" is in use: ${uses.join(', ')}.`, {
        details: uses.map(message => ({ path: key, message })),
      })
    }
    await markDeleted(tx, metric.newest, at)
    await journal(tx, {
      actor,
      at,
      verb: 'delete',
      object: { kind: 'metric', key },
      project,
      before: metric.newest.definition,
    })
  })
}
