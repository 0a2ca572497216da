import type { Sample } from '@dimmer/rollout'
import { sql } from 'kysely'
import type { Db } from '../../kernel/database.ts'

interface SampleRow {
  readonly rollout_id: string
  readonly guardrail_id: string
  readonly at: Date
  /** Null: asked, and there was no number. */
  readonly treated: number | null
  readonly control: number | null
}

type Tables = { external_samples: SampleRow }

/** All samples of a guardrail, in order. */
export async function selectSamples(db: Db, rolloutId: string, guardrailId: string): Promise<Sample[]> {
  const rows = await db
    .withTables<Tables>()
    .selectFrom('external_samples')
    .select(['at', 'treated', 'control'])
    .where('rollout_id', '=', rolloutId)
    .where('guardrail_id', '=', guardrailId)
    .orderBy('at')
    .execute()
  return rows.flatMap(({ at, treated, control }) =>
    treated === null ? [] : [{ at: at.getTime(), treated, ...(control !== null && { control }) }],
  )
}

/** Keeps a sample; the first word on a window stands, whichever node said it. */
export async function insertSample(db: Db, row: SampleRow): Promise<void> {
  await db
    .withTables<Tables>()
    .insertInto('external_samples')
    .values(row)
    .onConflict(conflict => conflict.doNothing())
    .execute()
}

/** The end of the last window that was asked about; undefined: none yet. */
export async function lastSampleAt(db: Db, rolloutId: string, guardrailId: string): Promise<number | undefined> {
  const { rows } = await sql<{ at: Date | null }>`
    select max(at) as at from external_samples
    where rollout_id = ${rolloutId} and guardrail_id = ${guardrailId}`.execute(db)
  return rows[0]?.at?.getTime()
}
