import type { FlagKey, Json, RuleId, UnitName, VariantKey } from './model.ts'

/** Why no variant could be served. The names follow OpenFeature's error codes where it has one. */
export type EvaluationErrorCode = 'flag-not-found' | 'invalid-context' | 'invalid-flag'

/** Why an evaluation gave what it gave. */
export type Reason =
  | { readonly kind: 'off' }
  | { readonly kind: 'prerequisite-failed'; readonly flagKey: FlagKey }
  | { readonly kind: 'rule'; readonly ruleId: RuleId; readonly index: number }
  | { readonly kind: 'fallthrough' }
  | { readonly kind: 'error'; readonly code: EvaluationErrorCode }

/**
 * The result of one evaluation. Instances are made when the ruleset is compiled and shared by all calls:
 * treat them as frozen.
 */
export interface Evaluation {
  readonly flagKey: FlagKey
  /** Ruleset version at which the flag last changed; 0 when there is no such flag. */
  readonly flagVersion: number
  /** Absent only when `reason.kind` is `error`. */
  readonly variant: VariantKey | undefined
  readonly value: Json | undefined
  readonly reason: Reason
  /** The unit whose id decided: of the share that matched, of the split, or of the share that held out. */
  readonly unit: UnitName | undefined
  /**
   * The first rule whose condition held but whose share left this unit out. Units with a `heldOutBy` are that
   * rule's concurrent comparison group: same audience, not served.
   */
  readonly heldOutBy: RuleId | undefined
  /** A unit that a share or split needed and that the context doesn't have. */
  readonly missingUnit: UnitName | undefined
}
