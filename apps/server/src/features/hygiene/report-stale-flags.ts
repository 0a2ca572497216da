import type { StaleReport } from '@dimmer/protocol'
import type { Db } from '../../kernel/database.ts'
import { selectSettled } from '../flags/index.ts'
import { selectEnvironmentsOfProject } from '../projects/index.ts'

const DAY_MS = 24 * 3_600_000

/**
 * Flags that are on and have given everybody the same variant for more than `days` days: the code behind them no longer
 * chooses. Flags that are off are left out: a kill switch waits in that position.
 */
export async function reportStaleFlags(
  db: Db,
  projectId: string,
  { days, at }: { readonly days: number; readonly at: number },
): Promise<StaleReport> {
  const environments = await selectEnvironmentsOfProject(db, projectId)
  const rows = await selectSettled(db, projectId)
  const flags = rows.flatMap(row => {
    const { settled_variant: variant, settled_since: since } = row
    const environment = environments.find(({ id }) => id === row.environment_id)
    if (variant === null || since === null || environment === undefined || !row.config.on) return []
    const age = (at - since.getTime()) / DAY_MS
    if (age <= days) return []
    const place = { flag: row.key, name: row.name, environment: environment.key }
    return [{ ...place, variant, since: since.toISOString(), days: Math.floor(age) }]
  })
  return { days, asOf: new Date(at).toISOString(), flags }
}
