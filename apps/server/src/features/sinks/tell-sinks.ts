import type { Db, Tx } from '../../kernel/database.ts'
import type { Sealer } from '../../kernel/seal.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Outgoing } from '../../ports/outgoing.ts'
import { type ConnectionRow, noteHealth, selectConnectionsOfKind } from '../connections/index.ts'
import { type Assignment, selectAssignments, settledSeq } from '../metrics/index.ts'
import { selectEnvironmentById } from '../projects/index.ts'
import { type Delivered, deliver } from './deliver.ts'
import type { SinkDialect, SinkKind, SinkPlace, Told } from './sink-messages.ts'
import { insertDeadLetters, keyOf, lockCursor, saveCursor, saveKnown, selectKnown } from './sinks-store.ts'
import { amplitude } from './tell-amplitude.ts'
import { mixpanel } from './tell-mixpanel.ts'
import { webhook } from './tell-webhook.ts'

export interface SinkDeps {
  readonly db: Db
  readonly clock: Clock
  readonly sealer: Sealer | undefined
  readonly outgoing: Outgoing
}

const DIALECTS: Readonly<Record<SinkKind, SinkDialect>> = { mixpanel, amplitude, webhook }

export type SinkRow = ConnectionRow & {
  readonly kind: SinkKind
  readonly settings: { readonly url: string; readonly units: readonly string[] }
}

export const isSink = (row: ConnectionRow): row is SinkRow =>
  Object.hasOwn(DIALECTS, row.kind) && 'units' in row.settings

const AT_ONCE = 500
const FIRST_WAIT_MS = 5_000
const LONGEST_WAIT_MS = 15 * 60_000
/** A batch of which nothing at all is taken may be our mistake (a wrong address) or theirs: it is tried so often. */
const TRIES = 8

/** How long to wait after so many failures in a row. */
const waitMs = (failures: number): number => Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1))

/** Where a sink is told; undefined: its secret cannot be read. */
export function wayTo({ sealer, outgoing, clock }: SinkDeps, row: SinkRow) {
  if (row.secret === null || sealer === undefined) return undefined
  const place: SinkPlace = { url: row.settings.url, secret: sealer.open(row.secret, row.id), now: clock.now() }
  return { outgoing, dialect: DIALECTS[row.kind], place }
}

/** What is news to the sink, in the order in which it happened. */
async function newsIn(
  tx: Tx,
  row: SinkRow,
  environment: string,
  rows: readonly Assignment[],
): Promise<readonly Told[]> {
  const wanted = rows.filter(({ unit }) => row.settings.units.includes(unit))
  const known = await selectKnown(tx, row.id, wanted)
  const news: Told[] = []
  for (const { flag, variant, unit, unitId, at } of [...wanted].sort((a, b) => a.at.getTime() - b.at.getTime())) {
    const told = { flag, variant, environment, unit, unitId, at: at.getTime() }
    const before = known.get(keyOf(told))
    if (before !== undefined && (before.variant === variant || before.at > told.at)) continue
    known.set(keyOf(told), told)
    news.push(told)
  }
  return news
}

/** Delivers news in batches of the sink's size, until all is told or there is a problem. */
async function deliverAll(way: NonNullable<ReturnType<typeof wayTo>>, news: readonly Told[], failures: number) {
  const taken: Told[] = []
  const refused: { told: Told; reason: string }[] = []
  for (let from = 0; from < news.length; from += way.dialect.most) {
    const batch = news.slice(from, from + way.dialect.most)
    const went: Delivered = await deliver(way, batch)
    const [first] = went.refused
    if (first !== undefined && went.taken.length + taken.length === 0 && failures + 1 < TRIES) {
      return { taken, refused, problem: { reason: first.reason } }
    }
    taken.push(...went.taken)
    refused.push(...went.refused)
    if (went.problem) return { taken, refused, problem: went.problem }
  }
  return { taken, refused }
}

/** Tells one sink what is new; true if there may be more. At least once: what is told twice has the same id. */
async function tellSink(deps: SinkDeps, row: SinkRow): Promise<boolean> {
  const way = wayTo(deps, row)
  const environment = await selectEnvironmentById(deps.db, row.environment_id)
  if (way === undefined || environment === undefined) return false
  const now = new Date(deps.clock.now())
  const until = await settledSeq(deps.db)
  return deps.db.transaction().execute(async tx => {
    const cursor = await lockCursor(tx, row.id, now)
    if (cursor === undefined) return false
    const rows = await selectAssignments(tx, row.environment_id, { after: cursor.seq, until, atLeast: AT_ONCE })
    const last = rows.at(-1)
    if (last === undefined) return false
    const { taken, refused, problem } = await deliverAll(
      way,
      await newsIn(tx, row, environment.key, rows),
      cursor.failures,
    )
    await saveKnown(tx, row.id, [...taken, ...refused.map(({ told }) => told)])
    await insertDeadLetters(tx, row.id, now, refused)
    const failures = problem === undefined ? 0 : cursor.failures + 1
    const wait = problem === undefined ? undefined : Math.max(waitMs(failures), problem.afterMs ?? 0)
    await saveCursor(tx, {
      connection_id: row.id,
      seq: problem === undefined ? last.seq : cursor.seq,
      failures,
      not_before: wait === undefined ? null : new Date(now.getTime() + wait),
    })
    const trouble = problem?.reason ?? refused[0]?.reason
    await noteHealth(tx, row.id, {
      at: now,
      passed: taken.length,
      refused: refused.length,
      ...(trouble !== undefined && { problem: trouble }),
    })
    return problem === undefined
  })
}

/** Tells every sink of every environment what is new. Safe on several nodes at once: each sink is one node's at a time. */
export async function tellSinks(deps: SinkDeps): Promise<void> {
  const rows = await selectConnectionsOfKind(deps.db, ['mixpanel', 'amplitude', 'webhook'])
  for (const row of rows.filter(isSink)) {
    while (await tellSink(deps, row)) {
      // A full page was told: there may be another.
    }
  }
}
