import type { EventBatch } from '@dimmer/protocol'
import { sql } from 'kysely'
import type { SdkCaller } from '../../http/caller.ts'
import type { Db, Tx } from '../../kernel/database.ts'
import type { Clock } from '../../ports/clock.ts'
import { identifyUnits } from '../directory/index.ts'
import { eventNameRows, exposureRows, hourlyCounts, shiftTo, unitEventRows } from './metrics-rules.ts'

export interface IngestDeps {
  readonly db: Db
  readonly clock: Clock
}

/**
 * Stores a batch, all of it or nothing, once: a batch whose id is known changes nothing. When it resolves, the batch
 * is on disk.
 */
export async function ingestEvents(
  deps: IngestDeps,
  caller: Pick<SdkCaller, 'environmentId' | 'projectId'>,
  batch: EventBatch,
): Promise<{ readonly duplicate: boolean }> {
  const receivedAt = deps.clock.now()
  const shifted = shiftTo(batch, receivedAt)
  return deps.db.transaction().execute(async tx => {
    if (!(await claimBatch(tx, { ...caller, batchId: batch.batchId, receivedAt }))) return { duplicate: true }
    await addCounts(tx, caller.environmentId, shifted, receivedAt)
    await addExposures(tx, caller.environmentId, shifted)
    await addUnitEvents(tx, caller.environmentId, shifted)
    await identifyUnits(tx, caller.projectId, shifted.identifies)
    return { duplicate: false }
  })
}

interface Claim {
  readonly environmentId: string
  readonly batchId: string
  readonly receivedAt: number
}

async function claimBatch(tx: Tx, { environmentId, batchId, receivedAt }: Claim): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into event_batches (environment_id, batch_id, received_at)
    values (${environmentId}, ${batchId}, ${new Date(receivedAt)})
    on conflict do nothing`.execute(tx)
  return numAffectedRows === 1n
}

async function addCounts(tx: Tx, environmentId: string, batch: EventBatch, receivedAt: number): Promise<void> {
  const rows = hourlyCounts(batch.exposures, receivedAt)
  if (rows.length === 0) return
  await sql`
    insert into exposure_counts (environment_id, flag_key, flag_version, variant, hour, count)
    select ${environmentId}, r.flag, r.flag_version, r.variant, r.hour, r.count
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r(flag text, flag_version bigint, variant text, hour timestamptz, count bigint)
    on conflict (environment_id, flag_key, flag_version, variant, hour)
      do update set count = exposure_counts.count + excluded.count`.execute(tx)
}

async function addExposures(tx: Tx, environmentId: string, batch: EventBatch): Promise<void> {
  const rows = exposureRows(batch.firstExposures)
  if (rows.length === 0) return
  await sql`
    insert into unit_exposures (environment_id, flag_key, rule, arm, unit, flag_version, unit_id, variant, first_at)
    select ${environmentId}, r.flag, r.rule, r.arm, r.unit, r.flag_version, r.unit_id, r.variant, r.first_at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r(flag text, rule text, arm text, unit text, flag_version bigint, unit_id text, variant text, first_at timestamptz)
    on conflict (environment_id, flag_key, rule, unit, flag_version, arm, unit_id)
      do update set first_at = least(unit_exposures.first_at, excluded.first_at)`.execute(tx)
}

async function addUnitEvents(tx: Tx, environmentId: string, batch: EventBatch): Promise<void> {
  const rows = unitEventRows(batch.tracks)
  if (rows.length === 0) return
  await sql`
    insert into unit_events (environment_id, name, unit, unit_id, at, ok, ms, value, creates)
    select ${environmentId}, r.name, r.unit, r.unit_id, r.at, r.ok, r.ms, r.value, r.creates
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r(name text, unit text, unit_id text, at timestamptz, ok boolean, ms double precision, value double precision, creates text)`.execute(
    tx,
  )
  await sql`
    insert into event_names (environment_id, name, unit, last_at, count)
    select ${environmentId}, r.name, r.unit, r.last_at, r.count
    from jsonb_to_recordset(${JSON.stringify(eventNameRows(rows))}::jsonb)
      as r(name text, unit text, last_at timestamptz, count bigint)
    on conflict (environment_id, name, unit) do update set
      last_at = greatest(event_names.last_at, excluded.last_at),
      count = event_names.count + excluded.count`.execute(tx)
}

/** Batch ids are kept this long: a retry that comes later would count again. */
const BATCH_IDS_KEPT_MS = 3 * 24 * 3_600_000

/** Forgets old batch ids. */
export async function forgetOldBatches({ db, clock }: IngestDeps): Promise<void> {
  await sql`delete from event_batches where received_at < ${new Date(clock.now() - BATCH_IDS_KEPT_MS)}`.execute(db)
}
