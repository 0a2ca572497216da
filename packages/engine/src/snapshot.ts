import type { CompiledFlag } from './compiled-flag.ts'
import type { Evaluation } from './evaluation.ts'
import type { FlagKey, Ruleset } from './model.ts'
import type { SnapshotProblem } from './problem.ts'

/** Beyond this many unknown keys their evaluations are made anew each time. */
const MOST_UNKNOWN_KEYS = 1_000

/** One ruleset version, compiled. Never changes. */
export class Snapshot {
  readonly ruleset: Ruleset
  /** For direct access: `snapshot.flags.get(key)?.evaluate(context, now)`. */
  readonly flags: ReadonlyMap<FlagKey, CompiledFlag>
  /** What is wrong with the ruleset. The flags and rules that are not named here work. */
  readonly problems: readonly SnapshotProblem[]
  private readonly unknown = new Map<FlagKey, Evaluation>()

  constructor(parts: Pick<Snapshot, 'ruleset' | 'flags' | 'problems'>) {
    this.ruleset = parts.ruleset
    this.flags = parts.flags
    this.problems = parts.problems
  }

  get version(): number {
    return this.ruleset.version
  }

  flagKeys(): readonly FlagKey[] {
    return Object.keys(this.ruleset.flags)
  }

  /** The evaluation of a flag that isn't there. */
  notFound(flagKey: FlagKey): Evaluation {
    const known = this.unknown.get(flagKey)
    if (known) return known
    const evaluation = Object.freeze<Evaluation>({
      flagKey,
      flagVersion: 0,
      variant: undefined,
      value: undefined,
      reason: { kind: 'error', code: 'flag-not-found' },
      unit: undefined,
      heldOutBy: undefined,
      missingUnit: undefined,
    })
    if (this.unknown.size < MOST_UNKNOWN_KEYS) this.unknown.set(flagKey, evaluation)
    return evaluation
  }
}
