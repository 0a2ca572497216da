import { setTimeout as delay } from 'node:timers/promises'
import type { AdminClient, DecisionView, RolloutView } from '@dimmer/protocol'

export interface WatchOptions {
  readonly admin: AdminClient
  readonly project: string
  readonly rolloutId: string
  readonly say: (line: string) => void
  readonly signal: AbortSignal
}

const clock = (iso: string): string => iso.slice(11, 19)

const describeDecision = (decision: DecisionView): string =>
  `${clock(decision.at)}  ${decision.actor.kind === 'person' ? 'person    ' : 'controller'}  ${decision.sentence}`

const describeVerdicts = (rollout: RolloutView): readonly string[] =>
  rollout.verdicts.map(verdict => `            ${verdict.kind.padEnd(12)} ${verdict.sentence}`)

/** Says each decision and each change of a verdict's kind, until the rollout is over; gives how it ended. */
export async function watchRollout({ admin, project, rolloutId, say, signal }: WatchOptions): Promise<RolloutView> {
  let lastDecision = 0
  let lastKinds = ''
  for (;;) {
    const rollout = await admin.getRollout(project, rolloutId)
    const decisions = [...(await admin.listDecisions(project, rolloutId))].reverse()
    for (const decision of decisions.filter(({ id }) => id > lastDecision)) {
      say(describeDecision(decision))
      lastDecision = decision.id
    }
    const kinds = rollout.verdicts.map(({ kind }) => kind).join()
    if (kinds !== lastKinds) for (const line of describeVerdicts(rollout)) say(line)
    lastKinds = kinds
    if (rollout.state.status !== 'running' || signal.aborted) return rollout
    await delay(500, undefined, { signal }).catch(() => undefined)
  }
}
