import { parseDuration } from './duration.ts'
import type { Guardrail, RolloutPlan, Stage } from './plan.ts'
import type { Problem } from './problem.ts'
import { goalProblems } from './validate-goals.ts'
import { emptyTexts, guardrailProblems } from './validate-guardrail.ts'

const LARGEST_ALPHA = 0.2

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

const comparesOnly = (guardrail: Guardrail): boolean =>
  guardrail.kind === 'error-rate' ||
  (guardrail.kind === 'metric' && guardrail.limit.value === undefined && guardrail.limit.total === undefined)

/** A limit relative to others needs others: a rollout that begins with everybody has no comparison group, ever. */
function comparisonProblems({ stages, guardrails }: RolloutPlan): Problem[] {
  if (stages[0]?.percent !== 100) return []
  return guardrails.flatMap((guardrail, index) =>
    comparesOnly(guardrail)
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
  problems.push(...plan.stages.flatMap(stageProblems), ...guardrailProblems(plan), ...goalProblems(plan))
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
