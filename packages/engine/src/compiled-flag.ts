import { type Attributes, isObject } from './attributes.ts'
import { bucketIn, type CompiledRule, type CompiledServe } from './compiled-rule.ts'
import type { Evaluation } from './evaluation.ts'
import type { Flag, FlagKey, Prerequisite, VariantKey } from './model.ts'
import { Outcome, type OutcomeFrame } from './outcome.ts'
import type { RuleIndex } from './rule-index.ts'

/** A prerequisite, linked to the flag it names. */
export class PrerequisiteLink {
  readonly source: Prerequisite
  /** Undefined when there is no such flag. */
  readonly flag: CompiledFlag | undefined
  private readonly accepted: ReadonlySet<VariantKey | undefined>
  private readonly failed: Outcome
  private readonly frame: OutcomeFrame

  constructor(source: Prerequisite, flag: CompiledFlag | undefined, failed: Outcome, frame: OutcomeFrame) {
    this.source = source
    this.flag = flag
    this.accepted = new Set(source.variants)
    this.failed = failed
    this.frame = frame
  }

  /** What to serve when the prerequisite isn't met; undefined when it is. */
  failure(context: Attributes, now: number): Evaluation | undefined {
    if (this.flag === undefined) return this.failed.evaluation(0, 0)
    const other = this.flag.evaluate(context, now)
    if (this.flag.on && this.accepted.has(other.variant)) return undefined
    const { missingUnit } = other
    return this.failed.evaluation(0, missingUnit === undefined ? 0 : this.frame.units.indexOf(missingUnit) + 1)
  }
}

/** What a sound flag consists of. */
export interface FlagParts {
  readonly frame: OutcomeFrame
  readonly prerequisites: readonly PrerequisiteLink[]
  /** The rules that this version understands, in order. */
  readonly rules: readonly CompiledRule[]
  readonly index: RuleIndex | undefined
  readonly fallthrough: CompiledServe
  /** When the fallthrough's split has no unit to deal. */
  readonly unassigned: Outcome
  readonly off: Outcome
  readonly invalidContext: Outcome
  /** How many evaluations one evaluation costs, prerequisites counted. */
  readonly cost: number
}

/** One flag, ready to be evaluated. */
export class CompiledFlag {
  readonly key: FlagKey
  /** As it came; of whatever shape when the flag is broken. */
  readonly source: Flag
  /** Undefined when the flag is broken. */
  readonly parts: FlagParts | undefined
  readonly on: boolean
  private readonly live: FlagParts | undefined
  private readonly settled: Outcome

  /** `body` is an outcome instead of parts when the flag is broken: what it then gives. */
  constructor(key: FlagKey, source: Flag, body: FlagParts | Outcome) {
    this.key = key
    this.source = source
    this.parts = body instanceof Outcome ? undefined : body
    this.on = this.parts !== undefined && source.on
    this.live = this.on ? this.parts : undefined
    this.settled = body instanceof Outcome ? body : body.off
  }

  /** See `evaluate`. */
  evaluate(context: unknown, now: number): Evaluation {
    const live = this.live
    if (live === undefined) return this.settled.evaluation(0, 0)
    if (!isObject(context)) return live.invalidContext.evaluation(0, 0)
    for (const link of live.prerequisites) {
      const failure = link.failure(context, now)
      if (failure !== undefined) return failure
    }
    return decide(live, context, now)
  }
}

function decide(parts: FlagParts, context: Attributes, now: number): Evaluation {
  let held = 0
  let missing = 0
  for (const rule of parts.index === undefined ? parts.rules : parts.index.select(context)) {
    if (rule.holds !== undefined && !rule.holds(context, now)) continue
    const share = rule.share
    if (share !== undefined) {
      const bucket = bucketIn(share, context)
      if (bucket < 0) {
        missing ||= share.unitNumber
        continue
      }
      if (bucket >= share.threshold) {
        held ||= rule.index + 1
        continue
      }
    }
    const outcome = rule.serve.pick(context)
    if (outcome !== undefined) return outcome.evaluation(held, missing)
    missing ||= rule.serve.unitNumber
  }
  const outcome = parts.fallthrough.pick(context)
  if (outcome !== undefined) return outcome.evaluation(held, missing)
  return parts.unassigned.evaluation(held, missing || parts.fallthrough.unitNumber)
}
