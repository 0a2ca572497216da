import type { StageProgress } from '@dimmer/rollout'

/** How much of a stage's hold is over, 0 to 1. A stage that was reached and left is over, however early. */
export function holdDone({ status, heldMs, holdMs }: Pick<StageProgress, 'status' | 'heldMs' | 'holdMs'>): number {
  if (status === 'ahead') return 0
  return status === 'current' && holdMs > 0 ? Math.min(1, heldMs / holdMs) : 1
}
