import type { Attributes } from './attributes.ts'
import type { Bucketer } from './bucketing.ts'
import { type CompiledCondition, stepsOf } from './compiled-condition.ts'
import type { Rule, UnitName } from './model.ts'
import type { Outcome } from './outcome.ts'
import { isInForce, type Schedule } from './schedule.ts'
import { Step } from './step.ts'
import type { UnitReader } from './units.ts'

/** Whose id is dealt, and into which bucket it falls. */
export interface Dealer {
  readonly unit: UnitName
  /** 1 + the index into the units of the flag's frame. */
  readonly unitNumber: number
  readonly read: UnitReader
  readonly bucketer: Bucketer
}

/** The bucket of the context's unit, from 0 on; -1 when the context doesn't have the unit. */
export function bucketIn(dealer: Dealer, context: Attributes): number {
  const id = dealer.read(context)
  return id === undefined ? -1 : dealer.bucketer.bucketOf(id)
}

export interface CompiledShare extends Dealer {
  /** Buckets below this are in. */
  readonly threshold: number
}

export interface CompiledSplit extends Dealer {
  readonly arms: readonly CompiledArm[]
}

export interface CompiledArm {
  /** The bucket where the arm ends, exclusive. */
  readonly end: number
  readonly outcome: Outcome
}

/** What a rule or the fallthrough serves: one outcome, or one that a split deals. */
export class CompiledServe {
  readonly outcome: Outcome | undefined
  readonly split: CompiledSplit | undefined
  /** Number of the split's unit; 0 without a split. */
  readonly unitNumber: number

  constructor(what: { readonly outcome: Outcome } | { readonly split: CompiledSplit }) {
    this.outcome = 'outcome' in what ? what.outcome : undefined
    this.split = 'split' in what ? what.split : undefined
    this.unitNumber = this.split?.unitNumber ?? 0
  }

  /** Undefined when there is a split and the context lacks its unit. */
  pick(context: Attributes): Outcome | undefined {
    const split = this.split
    if (split === undefined) return this.outcome
    const bucket = bucketIn(split, context)
    return bucket < 0 ? undefined : armAt(split, bucket)
  }
}

/** The outcome of the arm that holds a bucket. */
export function armAt(split: CompiledSplit, bucket: number): Outcome | undefined {
  for (const arm of split.arms) if (bucket < arm.end) return arm.outcome
  return undefined
}

/** A rule that is ready to run. */
export class CompiledRule {
  readonly index: number
  readonly source: Rule
  readonly schedule: Schedule | undefined
  readonly condition: CompiledCondition | undefined
  readonly share: CompiledShare | undefined
  readonly serve: CompiledServe
  /** What everybody gets for whom the condition holds; undefined when a share or a split has to deal. */
  readonly plain: Outcome | undefined

  constructor(parts: Pick<CompiledRule, 'index' | 'source' | 'schedule' | 'condition' | 'share' | 'serve'>) {
    this.index = parts.index
    this.source = parts.source
    this.schedule = parts.schedule
    this.condition = parts.condition
    this.share = parts.share
    this.serve = parts.serve
    this.plain = parts.share === undefined ? parts.serve.outcome : undefined
  }

  /** The steps of schedule and condition, from which it goes on to `yes` or `no`. */
  steps(yes: Step, no: Step): Step {
    return this.duringSchedule(this.condition === undefined ? yes : stepsOf(this.condition, yes, no), no)
  }

  /** `met` is what is asked while the rule is in force. */
  duringSchedule(met: Step, no: Step): Step {
    const { schedule } = this
    return schedule === undefined ? met : new Step((_, now) => isInForce(schedule, now), met, no)
  }
}
