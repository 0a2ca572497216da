import type { RolloutView } from '@dimmer/protocol'
import type { RolloutStatus } from '@dimmer/rollout'

/** Over and not worth a badge on the flag any more. */
const QUIET: ReadonlySet<RolloutStatus> = new Set(['aborted', 'retired'])

const begun = ({ createdAt }: RolloutView): number => Date.parse(createdAt)

/** The rollout to show beside a flag: the latest that is not over for good. */
export function currentRollout(
  rollouts: readonly RolloutView[],
  flag: string,
  environment: string,
): RolloutView | undefined {
  return rollouts
    .filter(one => one.flag === flag && one.environment === environment && !QUIET.has(one.state.status))
    .toSorted((a, b) => begun(b) - begun(a))[0]
}

/** Whether the rollout sets its rule now, so that nobody else may. */
export const ownsItsRule = ({ state }: Pick<RolloutView, 'state'>): boolean =>
  state.status === 'running' || state.status === 'paused'

/** What else a kill of the flag does, sentence by sentence. */
export const killConsequences = (rollout: RolloutView | undefined): readonly string[] =>
  rollout?.state.status === 'running' ? ['The running rollout pauses.'] : []
