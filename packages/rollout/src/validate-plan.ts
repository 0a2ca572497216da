import { parseDuration } from './duration.ts'
import type { Guardrail, RolloutPlan, Stage } from './plan.ts'

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

/** What is wrong with a plan, and where: `path` as in "stages[1].percent". */
export interface Problem {
  readonly path: string
  readonly code: ProblemCode
  readonly message: string
}

const LARGEST_ALPHA = 0.2

function emptyTexts(owner: object, paths: Readonly<Record<string, string>>): Problem[] {
  const texts = new Map<string, unknown>(Object.entries(owner))
  return Object.entries(paths).flatMap(([field, path]) => {
    const text = texts.get(field)
    if (typeof text === 'string' && text.trim() !== '') return []
    return [{ path, code: 'empty' as const, message: `${path} must not be empty.` }]
  })
}

function isWholeStep(percent: number): boolean {
  const steps = percent * 1000
  return Math.abs(steps - Math.round(steps)) < 1e-6
}

function percentProblem({ percent }: Stage, before: Stage | undefined): Omit<Problem, 'path'> | undefined {
  if (!(percent >= 0.001 && percent <= 100)) {
    return { code: 'percent-out-of-range', message: `A stage has a share of 0.001 to 100 %, not ${percent} %.` }
  }
  if (!isWholeStep(percent)) {
    return { code: 'percent-too-fine', message: `Shares go in steps of 0.001 %; ${percent} % is finer.` }
  }
  if (before && !(percent > before.percent)) {
    return {
      code: 'stages-must-grow',
      message: `Each stage must be larger than the one before: ${percent} % follows ${before.percent} %.`,
    }
  }
  return undefined
}

function stageProblems(stage: Stage, index: number, stages: readonly Stage[]): Problem[] {
  const path = `stages[${index}]`
  const problems: Problem[] = []
  const percent = percentProblem(stage, stages[index - 1])
  if (percent) problems.push({ path: `${path}.percent`, ...percent })
  if (parseDuration(stage.hold) === undefined) {
    problems.push({
      path: `${path}.hold`,
      code: 'invalid-duration',
      message: `"${stage.hold}" is not an ISO 8601 duration of weeks, days, hours, minutes and seconds, like "PT48H".`,
    })
  }
  return problems
}

function limitProblem(guardrail: Guardrail): { field: string; message: string } | undefined {
  if (guardrail.kind === 'error-rate') {
    if (guardrail.maxRatio > 1 && guardrail.maxRatio < Infinity) return undefined
    return {
      field: 'maxRatio',
      message: `maxRatio must be above 1 (2 means "at most twice"), not ${guardrail.maxRatio}.`,
    }
  }
  if (!(guardrail.quantile >= 0.5 && guardrail.quantile <= 0.999)) {
    return { field: 'quantile', message: `quantile must be between 0.5 and 0.999, not ${guardrail.quantile}.` }
  }
  if (guardrail.maxMs > 0 && guardrail.maxMs < Infinity) return undefined
  return { field: 'maxMs', message: `maxMs must be above 0 ms, not ${guardrail.maxMs}.` }
}

function guardrailProblems(guardrail: Guardrail, index: number, all: readonly Guardrail[]): Problem[] {
  const path = `guardrails[${index}]`
  const problems = emptyTexts(guardrail, { id: `${path}.id`, event: `${path}.event` })
  if (all.findIndex(other => other.id === guardrail.id) < index) {
    problems.push({
      path: `${path}.id`,
      code: 'duplicate-guardrail',
      message: `Two guardrails have the id "${guardrail.id}".`,
    })
  }
  const limit = limitProblem(guardrail)
  if (limit) problems.push({ path: `${path}.${limit.field}`, code: 'out-of-range', message: limit.message })
  const { weight = 1 } = guardrail
  if (!(weight > 0 && weight < Infinity)) {
    problems.push({ path: `${path}.weight`, code: 'out-of-range', message: `weight must be above 0, not ${weight}.` })
  }
  return problems
}

/** A rate relative to others needs others: a rollout that begins with everybody has no comparison group, ever. */
function comparisonProblems({ stages, guardrails }: RolloutPlan): Problem[] {
  if (stages[0]?.percent !== 100) return []
  return guardrails.flatMap((guardrail, index) =>
    guardrail.kind === 'error-rate'
      ? [
          {
            path: `guardrails[${index}]`,
            code: 'no-comparison-group' as const,
            message: `Guardrail "${guardrail.id}" compares with those who don't have it, and the first stage is 100 %. Begin with a smaller stage.`,
          },
        ]
      : [],
  )
}

/** All that is wrong with a plan, in the order in which it is written. An empty list: the plan can be carried out. */
export function validatePlan(plan: RolloutPlan): Problem[] {
  const problems = emptyTexts(plan, {
    flag: 'flag',
    environment: 'environment',
    variant: 'variant',
    unit: 'unit',
    ruleId: 'ruleId',
  })
  if (plan.stages.length === 0) {
    problems.push({ path: 'stages', code: 'no-stages', message: 'A rollout needs at least one stage.' })
  }
  problems.push(...plan.stages.flatMap(stageProblems), ...plan.guardrails.flatMap(guardrailProblems))
  problems.push(...comparisonProblems(plan))
  if (!(plan.alpha > 0 && plan.alpha <= LARGEST_ALPHA)) {
    problems.push({
      path: 'alpha',
      code: 'out-of-range',
      message: `alpha, the chance of a false roll-back, must be above 0 and at most ${LARGEST_ALPHA}, not ${plan.alpha}.`,
    })
  }
  return problems
}
