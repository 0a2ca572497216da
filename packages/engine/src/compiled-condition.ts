import type { Attributes } from './attributes.ts'
import type { IdSet } from './id-set.ts'
import type { SegmentKey, Test, UnitName } from './model.ts'
import type { UnitReader } from './units.ts'

/** Whether something holds for a context. `now` is in milliseconds since 1970. */
export type Predicate = (context: Attributes, now: number) => boolean

interface Node {
  readonly holds: Predicate
  /** Number of nodes, those of segments included: what running it can cost. */
  readonly size: number
}

/** One node of a condition, ready to run. The tree stays, so that `explain` can walk it. */
export type CompiledCondition = Node &
  (
    | { readonly kind: 'all' | 'any'; readonly parts: readonly CompiledCondition[] }
    | { readonly kind: 'not'; readonly part: CompiledCondition }
    | { readonly kind: 'segment'; readonly segment: CompiledSegment }
    | { readonly kind: 'test'; readonly test: Test }
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
  readonly condition: CompiledCondition | undefined
  readonly list: CompiledList | undefined
  /** Whoever is on it is not in the segment, whatever else holds. */
  readonly exclude: CompiledList | undefined
}
