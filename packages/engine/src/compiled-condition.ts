import type { IdSet } from './id-set.ts'
import type { SegmentKey, Test, UnitName } from './model.ts'
import { type Predicate, type Question, Step } from './step.ts'
import type { UnitReader } from './units.ts'

interface Node {
  /** Number of nodes, those of segments included: what running it can cost. */
  readonly size: number
}

/** One node of a condition. The tree stays, so that `explain` can walk it; evaluations run the steps made of it. */
export type CompiledCondition = Node &
  (
    | { readonly kind: 'all' | 'any'; readonly parts: readonly CompiledCondition[] }
    | { readonly kind: 'not'; readonly part: CompiledCondition }
    | { readonly kind: 'segment'; readonly segment: CompiledSegment }
    /** `questions`: all must be answered with yes. */
    | { readonly kind: 'test'; readonly test: Test; readonly questions: readonly Question[] }
  )

/** An uploaded list, ready to be looked into. */
export interface CompiledList {
  readonly unit: UnitName
  readonly read: UnitReader
  readonly ids: IdSet
}

/** A segment that is ready to use. */
export interface CompiledSegment extends Node {
  readonly key: SegmentKey
  readonly holds: Predicate
  readonly condition: CompiledCondition | undefined
  readonly list: CompiledList | undefined
  /** Whoever is on it is not in the segment, whatever else holds. */
  readonly exclude: CompiledList | undefined
}

/** The first step of a condition that leads to `yes` when it holds and to `no` when it doesn't. */
export function stepsOf(condition: CompiledCondition, yes: Step, no: Step): Step {
  switch (condition.kind) {
    case 'all':
      return condition.parts.reduceRight((next, part) => stepsOf(part, next, no), yes)
    case 'any':
      return condition.parts.reduceRight((next, part) => stepsOf(part, yes, next), no)
    case 'not':
      return stepsOf(condition.part, no, yes)
    case 'segment':
      return new Step(condition.segment.holds, yes, no)
    case 'test':
      return condition.questions.reduceRight((next, question) => new Step(question, next, no), yes)
  }
}
