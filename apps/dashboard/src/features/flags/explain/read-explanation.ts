/** One step as the explain panel shows it. */
export interface ShownStep {
  readonly sentence: string
  /** Whether it fitted, where the step was a question. */
  readonly fitted: boolean | undefined
  /** The steps of another flag that this one asked. */
  readonly inner: readonly ShownStep[]
}

export interface ShownExplanation {
  readonly variant: string | undefined
  /** As JSON. */
  readonly value: string
  readonly steps: readonly ShownStep[]
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? new Map<string, unknown>(Object.entries(value)).get(name) : undefined

const readSteps = (steps: unknown): readonly ShownStep[] => (Array.isArray(steps) ? steps.flatMap(readStep) : [])

function readStep(step: unknown): readonly ShownStep[] {
  const sentence = field(step, 'sentence')
  if (typeof sentence !== 'string') return []
  const fitted = field(step, 'matched') ?? field(step, 'met')
  return [
    {
      sentence,
      fitted: typeof fitted === 'boolean' ? fitted : undefined,
      inner: readSteps(field(field(step, 'explanation'), 'steps')),
    },
  ]
}

/** Reads the answer of `/explain`, the engine's `Explanation`; undefined if it is not one. */
export function readExplanation(answer: unknown): ShownExplanation | undefined {
  const evaluation = field(answer, 'evaluation')
  if (evaluation === undefined) return undefined
  const variant = field(evaluation, 'variant')
  return {
    variant: typeof variant === 'string' ? variant : undefined,
    value: JSON.stringify(field(evaluation, 'value') ?? null),
    steps: readSteps(field(answer, 'steps')),
  }
}
