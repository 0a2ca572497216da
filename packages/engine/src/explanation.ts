import type { Evaluation } from './evaluation.ts'
import type { FlagKey, Operator, RuleId, SegmentKey, UnitName, VariantKey } from './model.ts'
import type { ProblemCode } from './problem.ts'

/** Why an evaluation gave what it gave: every step that was taken, in structure and in plain words. */
export interface Explanation {
  /** The same that `evaluate` gives. */
  readonly evaluation: Evaluation
  readonly steps: readonly ExplanationStep[]
  /** The whole in one sentence. */
  readonly summary: string
}

/** What every step says. */
export interface Said {
  /** One plain English sentence, without capital and full stop. */
  readonly sentence: string
}

/** One step, in the order of an evaluation. Steps after the one that decided were not taken and are not here. */
export type ExplanationStep = Said &
  (
    | { readonly kind: 'not-found' | 'broken' | 'off' | 'invalid-context' }
    | PrerequisiteStep
    | RuleStep
    | { readonly kind: 'fallthrough'; readonly split: SplitStep | undefined }
  )

export interface PrerequisiteStep {
  readonly kind: 'prerequisite'
  readonly flagKey: FlagKey
  readonly met: boolean
  /** The other flag's explanation for the same context. */
  readonly explanation: Explanation
}

export interface RuleStep {
  readonly kind: 'rule'
  readonly ruleId: RuleId
  readonly index: number
  readonly matched: boolean
  /** False when this version doesn't know something in the rule and skipped it. */
  readonly understood: boolean
  /** Why it was skipped, e.g. `unknown-operator`; absent when it was understood. */
  readonly problem: ProblemCode | undefined
  /** Absent when the rule is always in force. */
  readonly schedule: ScheduleStep | undefined
  /** Absent when there is none or the rule was not in force. */
  readonly condition: ConditionStep | undefined
  /** Absent when there is none or the condition didn't hold. */
  readonly share: ShareStep | undefined
  /** Absent when there is none or the share left the unit out. */
  readonly split: SplitStep | undefined
}

/** Whether a rule is in force now. */
export interface ScheduleStep extends Said {
  /** RFC 3339, as in the rule. */
  readonly from: string | undefined
  readonly until: string | undefined
  readonly holds: boolean
}

/** One node of a condition. All nodes are here, also those that didn't decide. */
export type ConditionStep = Said & { readonly holds: boolean } & (
    | { readonly kind: 'all' | 'any' | 'not'; readonly parts: readonly ConditionStep[] }
    | {
        readonly kind: 'segment'
        readonly segment: SegmentKey
        /** Whether the uploaded list has the unit; absent without a list. */
        readonly listed: boolean | undefined
        /** Whether the list of exceptions has the unit, which decides; absent without one. */
        readonly excluded: boolean | undefined
        readonly parts: readonly ConditionStep[]
      }
    | {
        readonly kind: 'test'
        readonly attribute: string
        readonly op: Operator
        /** The attribute's value; undefined or null when the context doesn't have it. */
        readonly found: unknown
      }
  )

interface DealStep extends Said {
  readonly unit: UnitName
  /** The context attribute that identifies the unit. */
  readonly attribute: string
  readonly unitId: string | undefined
  /** 0 to 99.999, in percent; absent without a unit id. */
  readonly bucket: number | undefined
}

export interface ShareStep extends DealStep {
  readonly percent: number
  readonly holds: boolean
}

export interface SplitStep extends DealStep {
  /** Where the arm that the bucket falls into begins and ends, in percent. Absent without a unit id. */
  readonly arm: { readonly from: number; readonly to: number } | undefined
  /** Absent without a unit id. */
  readonly variant: VariantKey | undefined
}
