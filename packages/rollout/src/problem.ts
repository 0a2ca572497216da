export type ProblemCode =
  | 'empty'
  | 'no-stages'
  | 'percent-out-of-range'
  | 'percent-too-fine'
  | 'stages-must-grow'
  | 'invalid-duration'
  | 'duplicate-guardrail'
  | 'out-of-range'
  | 'no-comparison-group'
  | 'no-limit'
  | 'limit-does-not-fit'
  | 'unknown-metric'
  | 'unit-mismatch'
  | 'ungrouped-query'

/** What is wrong with a plan, and where: `path` as in "stages[1].percent". */
export interface Problem {
  readonly path: string
  readonly code: ProblemCode
  readonly message: string
}
