import type { FlagKey } from './model.ts'

/** What can be wrong with a ruleset. */
export type ProblemCode =
  | 'invalid-shape'
  | 'invalid-key'
  | 'invalid-operand'
  | 'invalid-percent'
  | 'invalid-value'
  | 'invalid-weights'
  | 'duplicate-rule'
  | 'no-regex-engine'
  | 'broken-segment'
  | 'unknown-flag'
  | 'unknown-hash'
  | 'unknown-operator'
  | 'unknown-segment'
  | 'unknown-unit'
  | 'unknown-variant'
  | 'cycle'
  | 'too-deep'
  | 'too-large'

/** One thing that is wrong, where, and what would be right. */
export interface Problem {
  /** From the flag, segment or ruleset that was looked at: `rules[0].share.percent`, `flags.new-pdf-engine.offVariant`. */
  readonly path: string
  readonly code: ProblemCode
  /** For people: what is wrong and what is allowed. */
  readonly message: string
}

/** A problem that a snapshot found in the ruleset it was made from; `flagKey` where it belongs to one flag. */
export interface SnapshotProblem extends Problem {
  readonly flagKey: FlagKey | undefined
}

/** Takes what is found wrong with one part, so that the rest can go on. */
export type Report = (path: string, code: ProblemCode, message: string) => void
