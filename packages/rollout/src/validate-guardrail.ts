import { isDefined, type MetricChoice, type MetricDefinition, noSuchMetric } from './metrics/metric.ts'
import { catalogueEntry } from './metrics/metric-catalogue.ts'
import { validateMetric } from './metrics/validate-metric.ts'
import type { Guardrail, Limit, MetricGuardrail, RolloutPlan } from './plan.ts'
import type { Problem } from './problem.ts'

/** One problem per text that is missing or blank; `paths` says where each field of `owner` stands. */
export function emptyTexts(owner: object, paths: Readonly<Record<string, string>>): Problem[] {
  const texts = new Map<string, unknown>(Object.entries(owner))
  return Object.entries(paths).flatMap(([field, path]) => {
    const text = texts.get(field)
    if (typeof text === 'string' && text.trim() !== '') return []
    return [{ path, code: 'empty' as const, message: `${path} must not be empty.` }]
  })
}

/** A problem of a field, before it is known where it stands. */
export type Found = Omit<Problem, 'path'> & { readonly field: string }

/** A number outside of what is allowed. */
export const outOfRange = (field: string, message: string): Found => ({ field, code: 'out-of-range', message })

/** Kinds whose measure is a share of units, 0 to 1. */
export const SHARES: readonly string[] = ['adoption', 'activation', 'conversion', 'reversal', 'retention']

/** What is wrong with a number in the metric's own measure. */
export function measureProblem(metric: MetricDefinition, field: string, value: number): Found | undefined {
  if (!Number.isFinite(value)) return outOfRange(field, `${field} must be a number, not ${value}.`)
  if (SHARES.includes(metric.kind) && !(value > 0 && value < 1)) {
    return outOfRange(field, `${field} of "${metric.name}" is a share of units, above 0 and below 1, not ${value}.`)
  }
  if (metric.kind === 'sentiment' && !(value > metric.lowest && value < metric.highest)) {
    return outOfRange(
      field,
      `${field} of "${metric.name}" must lie between ${metric.lowest} and ${metric.highest}, not ${value}.`,
    )
  }
  if ((metric.kind === 'revenue' || metric.kind === 'mean') && metric.cap === undefined) {
    return {
      field,
      code: 'limit-does-not-fit',
      message: `${field} of "${metric.name}" needs a cap on the metric: without one, one unit can be the whole mean.`,
    }
  }
  if (metric.kind !== 'external' && metric.kind !== 'sentiment' && !(value > 0)) {
    return outOfRange(field, `${field} must be above 0, not ${value}.`)
  }
  return undefined
}

function ratioProblem({ worse, name }: MetricDefinition, ratio: number): Found | undefined {
  if (worse === 'higher' && ratio > 1 && ratio < Infinity) return undefined
  if (worse === 'lower' && ratio > 0 && ratio < 1) return undefined
  return outOfRange(
    'limit.ratio',
    worse === 'higher'
      ? `limit.ratio must be above 1 where higher is worse ("${name}"; 2 means "at most twice"), not ${ratio}.`
      : `limit.ratio must be between 0 and 1 where lower is worse ("${name}"; 0.9 means "at least nine tenths"), not ${ratio}.`,
  )
}

function unfitting(metric: MetricDefinition, limit: Limit): Found[] {
  const { limits } = catalogueEntry(metric.kind)
  return (['value', 'ratio', 'total'] as const).flatMap(field => {
    if (limit[field] === undefined || limits.includes(field)) return []
    return [
      {
        field: `limit.${field}`,
        code: 'limit-does-not-fit' as const,
        message: `"${metric.name}" (${metric.kind}) can't be judged by a ${field}; give its limit as ${limits.join(' or ')}.`,
      },
    ]
  })
}

function metricLimitProblems({ limit }: MetricGuardrail, metric: MetricDefinition): Found[] {
  const { value, ratio, total } = limit
  if (value === undefined && ratio === undefined && total === undefined) {
    return [{ field: 'limit', code: 'no-limit', message: 'A guardrail needs a limit: a value, a ratio or a total.' }]
  }
  const wrong = unfitting(metric, limit)
  if (wrong.length > 0) return wrong
  const found = [
    value === undefined ? undefined : measureProblem(metric, 'limit.value', value),
    ratio === undefined ? undefined : ratioProblem(metric, ratio),
    total === undefined || (Number.isSafeInteger(total) && total >= 1)
      ? undefined
      : outOfRange('limit.total', `limit.total must be a whole number from 1 up, not ${total}.`),
  ]
  return found.filter(one => one !== undefined)
}

function legacyLimitProblem(guardrail: Exclude<Guardrail, MetricGuardrail>): Found | undefined {
  if (guardrail.kind === 'error-rate') {
    if (guardrail.maxRatio > 1 && guardrail.maxRatio < Infinity) return undefined
    return outOfRange('maxRatio', `maxRatio must be above 1 (2 means "at most twice"), not ${guardrail.maxRatio}.`)
  }
  if (!(guardrail.quantile >= 0.5 && guardrail.quantile <= 0.999)) {
    return outOfRange('quantile', `quantile must be between 0.5 and 0.999, not ${guardrail.quantile}.`)
  }
  if (guardrail.maxMs > 0 && guardrail.maxMs < Infinity) return undefined
  return outOfRange('maxMs', `maxMs must be above 0 ms, not ${guardrail.maxMs}.`)
}

/** The metric itself: known, well-formed, and of the plan's unit. */
export function metricProblems(metric: MetricChoice, plan: RolloutPlan, path: string): Problem[] {
  if (!isDefined(metric)) {
    return [
      {
        path,
        code: 'unknown-metric',
        message: noSuchMetric(metric),
      },
    ]
  }
  const problems = validateMetric(metric, path)
  if (metric.unit !== undefined && metric.unit !== plan.unit) {
    problems.push({
      path: `${path}.unit`,
      code: 'unit-mismatch',
      message: `"${metric.name}" speaks about each ${metric.unit}, and this rollout counts each ${plan.unit}.`,
    })
  }
  return problems
}

/** Guardrails and goals have ids that nobody else in the plan has; `index` counts goals after guardrails. */
export function idProblems(plan: RolloutPlan, id: string, at: { path: string; index: number }): Problem[] {
  const ids = [...plan.guardrails, ...(plan.goals ?? [])].map(one => one.id)
  if (ids.indexOf(id) >= at.index) return []
  return [
    { path: `${at.path}.id`, code: 'duplicate-guardrail', message: `Two guardrails or goals have the id "${id}".` },
  ]
}

function limitProblems(plan: RolloutPlan, guardrail: Guardrail, path: string): Problem[] {
  const at = ({ field, ...rest }: Found): Problem => ({ path: `${path}.${field}`, ...rest })
  if (guardrail.kind !== 'metric') {
    const found = legacyLimitProblem(guardrail)
    return found ? [at(found)] : []
  }
  const { metric } = guardrail
  const limits = isDefined(metric) ? metricLimitProblems(guardrail, metric).map(at) : []
  return [...metricProblems(metric, plan, `${path}.metric`), ...limits]
}

/** All that is wrong with the plan's guardrails. */
export function guardrailProblems(plan: RolloutPlan): Problem[] {
  return plan.guardrails.flatMap((guardrail, index) => {
    const path = `guardrails[${index}]`
    const texts = { id: `${path}.id`, ...(guardrail.kind !== 'metric' && { event: `${path}.event` }) }
    const problems = [
      ...emptyTexts(guardrail, texts),
      ...idProblems(plan, guardrail.id, { path, index }),
      ...limitProblems(plan, guardrail, path),
    ]
    const { weight = 1 } = guardrail
    if (!(weight > 0 && weight < Infinity)) {
      problems.push({ path: `${path}.weight`, code: 'out-of-range', message: `weight must be above 0, not ${weight}.` })
    }
    return problems
  })
}
