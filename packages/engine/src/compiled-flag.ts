import { UNFILTERED } from './attribute-filter.ts'
import { type Attributes, isObject } from './attributes.ts'
import { bucketIn, type CompiledRule, type CompiledServe } from './compiled-rule.ts'
import type { Evaluation } from './evaluation.ts'
import type { Flag, FlagKey, Prerequisite, VariantKey } from './model.ts'
import { Outcome, type OutcomeFrame } from './outcome.ts'
import type { RuleBlock } from './rule-filter.ts'
import { endOf, run, type Step } from './step.ts'

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
    const other = this.flag.decide(context, now)
    if (this.flag.on && this.accepted.has(other.variant)) return undefined
    const { missingUnit } = other
    return this.failed.evaluation(0, missingUnit === undefined ? 0 : this.frame.units.indexOf(missingUnit) + 1)
  }

  /**
   * The links to ask in place of this one, with the same effect. A flag without rules that serves what is needed unless
   * a prerequisite of its own fails comes down to those prerequisites, so that a chain costs no more than its end.
   */
  shortened(): readonly PrerequisiteLink[] {
    const { accepted, failed, frame, source } = this
    const parts = this.flag?.on ? this.flag.parts : undefined
    if (parts === undefined || parts.rules.length > 0) return [this]
    const usual = parts.fallthrough.outcome?.variant
    if (usual === undefined || !accepted.has(usual) || accepted.has(parts.off.variant)) return [this]
    return parts.gates.map(gate => {
      const { variants } = gate.source
      return new PrerequisiteLink({ ...source, variants }, gate.flag, failed, frame)
    })
  }
}

/** What a sound flag consists of. */
export interface FlagParts {
  readonly frame: OutcomeFrame
  readonly prerequisites: readonly PrerequisiteLink[]
  /** What is asked for them: `PrerequisiteLink.shortened`. */
  readonly gates: readonly PrerequisiteLink[]
  /** The rules that this version understands, in order. */
  readonly rules: readonly CompiledRule[]
  /** The conditions of all rules in one graph. Its ends are places in `rules`, and the one after them for the fallthrough. */
  readonly start: Step
  /** Where there are many rules: which of them can match at all. */
  readonly blocks: readonly RuleBlock[] | undefined
  readonly fallthrough: CompiledServe
  /** When the fallthrough's split has no unit to deal. */
  readonly unassigned: Outcome
  readonly off: Outcome
  readonly invalidContext: Outcome
  /** How many evaluations one evaluation costs, prerequisites counted. */
  readonly cost: number
}

/** A sound flag's parts, or what a broken one gives. */
export type FlagBody = FlagParts | Outcome

/** One flag, ready to be evaluated. */
export class CompiledFlag {
  readonly key: FlagKey
  /** As it came; of whatever shape when the flag is broken. */
  readonly source: Flag
  readonly on: boolean
  private body: FlagBody | (() => FlagBody)
  /** The parts of a flag that is on, after the first evaluation. */
  private live: FlagParts | undefined
  /** What a flag that is off or broken gives, after the first evaluation. */
  private settled: Outcome | undefined

  /** `body` may be a function: then the flag is made when it is first needed. */
  constructor(key: FlagKey, source: Flag, body: FlagBody | (() => FlagBody)) {
    this.key = key
    this.source = source
    this.on = !(body instanceof Outcome) && source.on
    this.body = body
    this.live = undefined
    this.settled = undefined
  }

  private get made(): FlagBody {
    if (typeof this.body === 'function') this.body = this.body()
    return this.body
  }

  /** Undefined when the flag is broken. */
  get parts(): FlagParts | undefined {
    const { made } = this
    return made instanceof Outcome ? undefined : made
  }

  /** See `evaluate`. */
  evaluate(context: unknown, now: number): Evaluation {
    try {
      return this.decide(context, now)
    } catch {
      // Reading a context may run code of the application: a getter that throws, a proxy that was revoked.
      return this.invalidContext()
    }
  }

  /** The same, but for a context that throws when it is read: then this throws as well. */
  decide(context: unknown, now: number): Evaluation {
    const live = this.live
    if (live === undefined) return this.settled?.evaluation(0, 0) ?? this.first(context, now)
    if (!isObject(context)) return live.invalidContext.evaluation(0, 0)
    if (live.gates.length > 0) {
      const failure = firstFailure(live.gates, context, now)
      if (failure !== undefined) return failure
    }
    return live.blocks === undefined ? walk(live, context, now) : sift(live, live.blocks, context, now)
  }

  private first(context: unknown, now: number): Evaluation {
    const { made, on } = this
    if (made instanceof Outcome) this.settled = made
    else if (on) this.live = made
    else this.settled = made.off
    return this.decide(context, now)
  }

  private invalidContext(): Evaluation {
    const { made } = this
    return (made instanceof Outcome ? made : made.invalidContext).evaluation(0, 0)
  }
}

function firstFailure(gates: readonly PrerequisiteLink[], context: Attributes, now: number): Evaluation | undefined {
  for (const gate of gates) {
    const failure = gate.failure(context, now)
    if (failure !== undefined) return failure
  }
  return undefined
}

/** What a rule, whose condition holds, does: its outcome, or 1 + its index when it holds the unit out, or -(the unit) when that is missing. */
function attempt(rule: CompiledRule, context: Attributes): Outcome | number {
  const { plain, share, serve } = rule
  if (plain !== undefined) return plain
  if (share !== undefined) {
    const bucket = bucketIn(share, context)
    if (bucket < 0) return -share.unitNumber
    if (bucket >= share.threshold) return rule.index + 1
  }
  return serve.pick(context) ?? -serve.unitNumber
}

function fallThrough(
  { fallthrough, unassigned }: FlagParts,
  context: Attributes,
  held: number,
  missing: number,
): Evaluation {
  const outcome = fallthrough.pick(context)
  if (outcome !== undefined) return outcome.evaluation(held, missing)
  return unassigned.evaluation(held, missing || fallthrough.unitNumber)
}

/** From rule to rule through the graph. */
function walk(parts: FlagParts, context: Attributes, now: number): Evaluation {
  let held = 0
  let missing = 0
  for (let end = endOf(parts.start, context, now); ; end = endOf(end.no, context, now)) {
    if (end.outcome !== undefined) return end.outcome.evaluation(held, missing)
    const rule = parts.rules[end.place]
    if (rule === undefined) return fallThrough(parts, context, held, missing)
    const result = attempt(rule, context)
    if (typeof result === 'object') return result.evaluation(held, missing)
    if (result > 0) held ||= result
    else missing ||= -result
  }
}

/** The same where there are many rules: from one that can match to the next. */
function sift(parts: FlagParts, blocks: readonly RuleBlock[], context: Attributes, now: number): Evaluation {
  let held = 0
  let missing = 0
  for (let i = 0; i < blocks.length; i++) {
    const block = blocks[i]
    if (block === undefined) break
    const candidates = block.candidates(context)
    for (let left = candidates === UNFILTERED ? block.all : candidates; left !== 0; left &= left - 1) {
      const place = lowestBit(left)
      const rule = block.rules[place]
      if (rule === undefined || !run(block.startAt(place, candidates), context, now)) continue
      const result = attempt(rule, context)
      if (typeof result === 'object') return result.evaluation(held, missing)
      if (result > 0) held ||= result
      else missing ||= -result
    }
  }
  return fallThrough(parts, context, held, missing)
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits)
}
