import { sql } from 'kysely'
import type { Tx } from '../../../kernel/database.ts'
import { identifyUnits } from '../../directory/index.ts'
import type { EventNames } from './event-names.ts'
import {
  exposureRows,
  hourlyCounts,
  hourlyDrops,
  type NamedTracks,
  namedTracks,
  type ReceivedBatch,
} from './ingest-rules.ts'

/** Where a commit writes. */
export interface Commit {
  readonly tx: Tx
  readonly names: EventNames
  /** Day of arrival; its partition is there. */
  readonly day: string
  /** Epoch ms. */
  readonly now: number
}

const iso = (at: number): string => new Date(at).toISOString()

/** Which of these batches nobody has stored yet, by `environment\nbatch`. Others that store them are waited for. */
async function claim(tx: Tx, batches: readonly ReceivedBatch[]): Promise<ReadonlySet<string>> {
  const sorted = batches
    .map(one => ({ environment: one.environmentId, id: one.batch.batchId, at: iso(one.receivedAt) }))
    .sort((a, b) => (batchKey(a.environment, a.id) < batchKey(b.environment, b.id) ? -1 : 1))
  const { rows } = await sql<{ environment_id: string; batch_id: string }>`
    insert into event_batches (environment_id, batch_id, received_at)
    select * from unnest(${sorted.map(row => row.environment)}::text[], ${sorted.map(row => row.id)}::text[],
      ${sorted.map(row => row.at)}::timestamptz[])
    on conflict do nothing returning environment_id, batch_id`.execute(tx)
  return new Set(rows.map(row => batchKey(row.environment_id, row.batch_id)))
}

const batchKey = (environmentId: string, batchId: string): string => `${environmentId}\n${batchId}`

/**
 * The number of this commit. Whoever reads events by number must not pass one that is still being written: the lock
 * says so, from before the number is drawn until the commit (see `settledSeq`).
 */
async function drawSeq(tx: Tx): Promise<number> {
  const { rows } = await sql<{ seq: number }>`
    with held as materialized (
      select pg_advisory_xact_lock_shared(${SEQ_LOCKS}::bigint + (select last_value from ingest_seq))
    )
    select nextval('ingest_seq') as seq from held`.execute(tx)
  return rows[0]?.seq ?? 0
}

/** Advisory locks from this number on are held by commits of events: the number plus the last `ingest_seq` before. */
export const SEQ_LOCKS = 4_400_000_000_000_000

interface Placed extends NamedTracks {
  readonly id: number
}

async function insertEvents({ tx, day }: Commit, seq: number, placed: readonly Placed[]): Promise<void> {
  const rows = placed.flatMap(({ id, tracks }) => tracks.map(({ unitId, track }) => ({ id, unitId, track })))
  if (rows.length === 0) return
  await sql`
    insert into events (received_on, seq, kind, unit_id, at, ok, ms, value, creates)
    select ${day}::date, ${seq}::bigint, r.* from unnest(
      ${rows.map(({ id }) => id)}::integer[], ${rows.map(({ unitId }) => unitId)}::text[],
      ${rows.map(({ track }) => iso(track.at))}::timestamptz[], ${rows.map(({ track }) => track.ok ?? true)}::boolean[],
      ${rows.map(({ track }) => track.ms ?? null)}::float8[], ${rows.map(({ track }) => track.value ?? null)}::float8[],
      ${rows.map(({ track }) => track.creates ?? null)}::text[]
    ) r`.execute(tx)
}

async function addExposures({ tx }: Commit, seq: number, batches: readonly ReceivedBatch[]): Promise<void> {
  const rows = exposureRows(batches)
  if (rows.length === 0) return
  await sql`
    insert into unit_exposures as known
      (environment_id, flag_key, rule, arm, unit, flag_version, unit_id, variant, served_by, first_at, seq)
    select r.*, ${seq}::bigint from unnest(
      ${rows.map(row => row.environmentId)}::text[], ${rows.map(row => row.flag)}::text[],
      ${rows.map(row => row.rule)}::text[], ${rows.map(row => row.arm)}::text[], ${rows.map(row => row.unit)}::text[],
      ${rows.map(row => row.flagVersion)}::bigint[], ${rows.map(row => row.unitId)}::text[],
      ${rows.map(row => row.variant)}::text[], ${rows.map(row => row.servedBy)}::text[],
      ${rows.map(row => iso(row.at))}::timestamptz[]
    ) r
    on conflict (environment_id, flag_key, rule, unit, flag_version, arm, unit_id) do update
      set first_at = excluded.first_at, variant = excluded.variant, served_by = excluded.served_by, seq = excluded.seq
      where excluded.first_at < known.first_at`.execute(tx)
}

async function identify({ tx }: Commit, batches: readonly ReceivedBatch[]): Promise<void> {
  const projects = [...new Set(batches.map(({ projectId }) => projectId))].sort()
  for (const projectId of projects) {
    const own = batches.filter(one => one.projectId === projectId)
    await identifyUnits(
      tx,
      projectId,
      own.flatMap(({ batch }) => batch.identifies),
    )
  }
}

async function addCounts({ tx }: Commit, batches: readonly ReceivedBatch[]): Promise<void> {
  const rows = hourlyCounts(batches)
  if (rows.length === 0) return
  await sql`
    insert into exposure_counts (environment_id, flag_key, flag_version, variant, hour, count)
    select * from unnest(
      ${rows.map(row => row.environmentId)}::text[], ${rows.map(row => row.flag)}::text[],
      ${rows.map(row => row.flagVersion)}::bigint[], ${rows.map(row => row.variant)}::text[],
      ${rows.map(row => iso(row.hour))}::timestamptz[], ${rows.map(row => row.count)}::bigint[]
    )
    on conflict (environment_id, flag_key, flag_version, variant, hour)
      do update set count = exposure_counts.count + excluded.count`.execute(tx)
}

const MINUTE_MS = 60_000

async function addRates({ tx, now }: Commit, placed: readonly Placed[]): Promise<void> {
  if (placed.length === 0) return
  const sorted = [...placed].sort((a, b) => a.id - b.id)
  const ids = sorted.map(({ id }) => id)
  const counts = sorted.map(({ tracks }) => tracks.length)
  const last = sorted.map(({ tracks }) => iso(tracks.reduce((latest, { track }) => Math.max(latest, track.at), 0)))
  await sql`
    insert into event_rates (kind, minute, count)
    select r.kind, ${iso(Math.floor(now / MINUTE_MS) * MINUTE_MS)}::timestamptz, r.count
    from unnest(${ids}::integer[], ${counts}::bigint[]) as r(kind, count)
    on conflict (kind, minute) do update set count = event_rates.count + excluded.count`.execute(tx)
  await sql`
    update event_names set count = event_names.count + r.count, last_at = greatest(event_names.last_at, r.last_at)
    from unnest(${ids}::integer[], ${counts}::bigint[], ${last}::timestamptz[]) as r(id, count, last_at)
    where event_names.id = r.id`.execute(tx)
}

async function addDrops({ tx, now }: Commit, batches: readonly ReceivedBatch[], unnamed: readonly NamedTracks[]) {
  const rows = hourlyDrops(batches, unnamed, now)
  if (rows.length === 0) return
  await sql`
    insert into event_drops (environment_id, hour, reason, count)
    select * from unnest(${rows.map(row => row.environmentId)}::text[], ${rows.map(row => iso(row.hour))}::timestamptz[],
      ${rows.map(row => row.reason)}::text[], ${rows.map(row => row.count)}::bigint[])
    on conflict (environment_id, hour, reason) do update set count = event_drops.count + excluded.count`.execute(tx)
}

/** What became of the batches of a commit. */
export interface Written {
  /** For each batch, whether it had been stored before. */
  readonly duplicates: readonly boolean[]
  /** To be remembered once the transaction is committed. */
  readonly nameIds: ReadonlyMap<string, number>
}

/**
 * Writes several batches in one transaction, each of them once. Rows that many commits touch come last and in order:
 * their locks are held briefly, and nobody waits in a circle.
 */
export async function writeBatches(commit: Commit, batches: readonly ReceivedBatch[]): Promise<Written> {
  const { tx, names } = commit
  const unclaimed = new Set(await claim(tx, batches))
  const duplicates = batches.map(one => !unclaimed.delete(batchKey(one.environmentId, one.batch.batchId)))
  const fresh = batches.filter((_, index) => duplicates[index] === false)
  if (fresh.length === 0) return { duplicates, nameIds: new Map() }
  const named = namedTracks(fresh)
  const nameIds = await names.idsOf(tx, named)
  const placed = named.flatMap(one => {
    const id = nameIds.get(one.key)
    return id === undefined ? [] : [{ ...one, id }]
  })
  const seq = await drawSeq(tx)
  await insertEvents(commit, seq, placed)
  await addExposures(commit, seq, fresh)
  await identify(commit, fresh)
  await addCounts(commit, fresh)
  await addRates(commit, placed)
  await addDrops(
    commit,
    fresh,
    named.filter(({ key }) => !nameIds.has(key)),
  )
  return { duplicates, nameIds }
}
