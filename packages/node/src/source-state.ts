/**
 * How the client is fed. `starting`: nothing yet, first attempts under way. `live`: the stream is up and in step.
 * `polling`: no stream, but the last poll was answered. `stale`: neither, on the last good values. `offline`: nothing
 * to go on and nobody answers, or the key was refused, or the client is closed.
 */
export type SourceState = 'starting' | 'live' | 'polling' | 'stale' | 'offline'

/** The facts that the state follows from. */
export interface SourceFacts {
  /** Closed, or the key was refused. */
  readonly stopped: boolean
  readonly hasRuleset: boolean
  /** The stream is up and has nothing that we lack. */
  readonly inStep: boolean
  /** The last poll since the stream was last in step. */
  readonly poll: 'none' | 'ok' | 'failed'
}

export function stateOf(facts: SourceFacts): SourceState {
  if (facts.stopped) return 'offline'
  if (facts.inStep) return 'live'
  if (facts.poll === 'ok') return 'polling'
  if (facts.hasRuleset) return 'stale'
  return facts.poll === 'failed' ? 'offline' : 'starting'
}
