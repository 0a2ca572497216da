import type { Tx } from '../../kernel/database.ts'
import { selectRollouts } from './rollouts-store.ts'

const OVER: ReadonlySet<string> = new Set(['aborted', 'retired'])

/** The rollouts, drafts too, that deal by a unit and aren't over for good: 'the draft rollout of "new-pdf-engine"'. */
export async function rolloutsUsingUnit(tx: Tx, projectId: string, unit: string): Promise<readonly string[]> {
  const rows = await selectRollouts(tx, projectId)
  return rows
    .filter(({ plan, state }) => plan.unit === unit && !OVER.has(state.status))
    .map(({ flag_key, state }) => `the ${state.status} rollout of "${flag_key}"`)
}
