import { isDefined, metricOf } from '@dimmer/rollout'
import type { Db, Tx } from '../../kernel/database.ts'
import type { FoundUse } from '../metrics/index.ts'
import { type RolloutRow, selectRollouts } from './rollouts-store.ts'

const OVER: ReadonlySet<string> = new Set(['aborted', 'retired'])

/** The rollouts, drafts too, that deal by a unit and aren't over for good: 'the draft rollout of "new-pdf-engine"'. */
export async function rolloutsUsingUnit(tx: Tx, projectId: string, unit: string): Promise<readonly string[]> {
  const rows = await selectRollouts(tx, projectId)
  return rows
    .filter(({ plan, state }) => plan.unit === unit && !OVER.has(state.status))
    .map(({ flag_key, state }) => `the ${state.status} rollout of "${flag_key}"`)
}

/** Those that nobody looks at any more. */
const UNWATCHED: ReadonlySet<string> = new Set([...OVER, 'rolled-back'])

function metricUses({ id: rollout, flag_key: flag, plan, state }: RolloutRow): readonly FoundUse[] {
  const judged = [
    ...plan.guardrails.map(one => ({ id: one.id, as: 'guardrail' as const, metric: metricOf(one).metric })),
    ...(plan.goals ?? []).map(({ id, metric }) => ({ id, as: 'goal' as const, metric })),
  ]
  return judged.flatMap(({ id, as, metric }) => {
    if (!isDefined(metric)) return []
    const { environment } = plan
    const use = { rollout, flag, environment, status: state.status, id, as, version: metric.version }
    return [{ definition: metric, use }]
  })
}

/** What the rollouts of a project, drafts too, are judged by, as long as they are watched or may still be started. */
export async function rolloutMetrics(db: Db | Tx, projectId: string): Promise<readonly FoundUse[]> {
  const rows = await selectRollouts(db, projectId)
  return rows.filter(({ state }) => !UNWATCHED.has(state.status)).flatMap(metricUses)
}
