import { isDefined, type MetricDefinition } from './metrics/metric.ts'
import { catalogueEntry } from './metrics/metric-catalogue.ts'
import type { Goal, RolloutPlan } from './plan.ts'
import type { Problem } from './problem.ts'
import {
  emptyTexts,
  type Found,
  idProblems,
  measureProblem,
  metricProblems,
  outOfRange,
  SHARES,
} from './validate-guardrail.ts'

/** The value that must be excluded for a goal to be reached. */
export function goalFloor({ target, floor }: Pick<Goal, 'target' | 'floor'>, metric: MetricDefinition): number {
  if (floor !== undefined) return floor
  if (metric.kind === 'sentiment') {
    return metric.worse === 'lower' ? (target + metric.lowest) / 2 : (target + metric.highest) / 2
  }
  if (metric.worse === 'lower') return target / 2
  return SHARES.includes(metric.kind) ? (1 + target) / 2 : 2 * target
}

function goalTargetProblems(goal: Goal, metric: MetricDefinition): Found[] {
  if (!catalogueEntry(metric.kind).limits.includes('value')) {
    return [
      {
        field: 'metric',
        code: 'limit-does-not-fit',
        message: `"${metric.name}" (${metric.kind}) has no value of its own that could be a goal.`,
      },
    ]
  }
  const found = [
    measureProblem(metric, 'target', goal.target),
    goal.floor === undefined ? undefined : measureProblem(metric, 'floor', goal.floor),
  ].filter(one => one !== undefined)
  if (found.length > 0) return found
  const floor = goalFloor(goal, metric)
  const ordered = metric.worse === 'lower' ? floor < goal.target : floor > goal.target
  if (ordered) return []
  const side = metric.worse === 'lower' ? 'below' : 'above'
  return [outOfRange('floor', `floor must be ${side} the target ${goal.target}, not ${floor}.`)]
}

/** All that is wrong with the plan's goals. */
export function goalProblems(plan: RolloutPlan): Problem[] {
  return (plan.goals ?? []).flatMap((goal, index) => {
    const path = `goals[${index}]`
    const { metric, fromStage = 0 } = goal
    const targets = isDefined(metric) ? goalTargetProblems(goal, metric) : []
    const problems = [
      ...emptyTexts(goal, { id: `${path}.id` }),
      ...idProblems(plan, goal.id, { path, index: plan.guardrails.length + index }),
      ...metricProblems(metric, plan, `${path}.metric`),
      ...targets.map(({ field, ...rest }): Problem => ({ path: `${path}.${field}`, ...rest })),
    ]
    if (!(Number.isSafeInteger(fromStage) && fromStage >= 0 && fromStage < Math.max(1, plan.stages.length))) {
      problems.push({
        path: `${path}.fromStage`,
        code: 'out-of-range',
        message: `fromStage must be one of the plan's stages, 0 to ${plan.stages.length - 1}, not ${fromStage}.`,
      })
    }
    return problems
  })
}
