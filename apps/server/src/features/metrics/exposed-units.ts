import { sql } from 'kysely'
import type { Db } from '../../kernel/database.ts'
import type { Treatment } from './facts/fact-subject.ts'

/** How many distinct units a rule has ever served within these versions. */
export async function countExposedUnits(db: Db, treatment: Treatment): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(distinct unit_id)::int as count from unit_exposures
    where environment_id = ${treatment.environmentId} and flag_key = ${treatment.flagKey}
      and rule = ${treatment.ruleId} and unit = ${treatment.unit} and arm = 'treated'
      and flag_version >= ${treatment.fromVersion}
      and (${treatment.untilVersion}::bigint is null or flag_version < ${treatment.untilVersion}::bigint)`.execute(db)
  return rows[0]?.count ?? 0
}
