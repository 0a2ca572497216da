import { parseDuration } from '../duration.ts'
import type { Problem } from '../problem.ts'
import { eventsOf, type MetricDefinition } from './metric.ts'

type Check = (metric: MetricDefinition) => (Omit<Problem, 'path'> & { readonly field: string }) | undefined

const LONGEST_WINDOW_DAYS = 90
const DAY_MS = 86_400_000

function durationProblem(field: string, text: string): ReturnType<Check> {
  const ms = parseDuration(text)
  if (ms === undefined || ms <= 0) {
    return {
      field,
      code: 'invalid-duration',
      message: `${field} "${text}" must be an ISO 8601 duration above 0 of weeks, days, hours, minutes and seconds, like "PT48H".`,
    }
  }
  if (ms > LONGEST_WINDOW_DAYS * DAY_MS) {
    return {
      field,
      code: 'out-of-range',
      message: `${field} must be at most ${LONGEST_WINDOW_DAYS} days, not ${text}.`,
    }
  }
  return undefined
}

const durations =
  (field: 'within' | 'after' | 'per' | 'every'): Check =>
  metric => {
    const text: unknown = Object.entries(metric).find(([name]) => name === field)?.[1]
    return typeof text === 'string' ? durationProblem(field, text) : undefined
  }

const namedEvents: Check = metric => {
  const empty = eventsOf(metric).some(event => event.trim() === '')
  return empty ? { field: 'event', code: 'empty', message: 'The name of an event must not be empty.' } : undefined
}

const wholeVersion: Check = ({ version }) =>
  Number.isSafeInteger(version) && version >= 1
    ? undefined
    : { field: 'version', code: 'out-of-range', message: `version must be a whole number from 1 up, not ${version}.` }

const knownQuantile: Check = metric => {
  if (metric.kind !== 'latency' || (metric.quantile >= 0.5 && metric.quantile <= 0.999)) return undefined
  return {
    field: 'quantile',
    code: 'out-of-range',
    message: `quantile must be between 0.5 and 0.999, not ${metric.quantile}.`,
  }
}

const orderedScores: Check = metric => {
  if (metric.kind !== 'sentiment') return undefined
  if (Number.isFinite(metric.lowest) && Number.isFinite(metric.highest) && metric.lowest < metric.highest)
    return undefined
  return {
    field: 'highest',
    code: 'out-of-range',
    message: `highest must be above lowest: ${metric.highest} is not above ${metric.lowest}.`,
  }
}

const positiveCap: Check = metric => {
  if ((metric.kind !== 'revenue' && metric.kind !== 'mean') || metric.cap === undefined) return undefined
  if (metric.cap > 0 && metric.cap < Infinity) return undefined
  return { field: 'cap', code: 'out-of-range', message: `cap must be above 0, not ${metric.cap}.` }
}

/** The groups of a query that names neither would be one and the same. */
const groupedQuery: Check = metric => {
  if (metric.kind !== 'external' || /\{\{\s*(variant|group)\s*\}\}/.test(metric.query)) return undefined
  return {
    field: 'query',
    code: 'ungrouped-query',
    message: 'The query must contain {{variant}} or {{group}}, or both groups would get the same number.',
  }
}

const CHECKS: readonly Check[] = [
  wholeVersion,
  namedEvents,
  durations('within'),
  durations('after'),
  durations('per'),
  durations('every'),
  knownQuantile,
  orderedScores,
  positiveCap,
  groupedQuery,
]

/** All that is wrong with a metric; `path` is where it stands. An empty list: it can be measured. */
export function validateMetric(metric: MetricDefinition, path = 'metric'): Problem[] {
  const problems = CHECKS.flatMap(check => {
    const found = check(metric)
    if (!found) return []
    const { field, code, message } = found
    return [{ path: `${path}.${field}`, code, message }]
  })
  for (const field of ['key', 'name'] as const) {
    if (metric[field].trim() !== '') continue
    problems.push({ path: `${path}.${field}`, code: 'empty', message: `${path}.${field} must not be empty.` })
  }
  return problems
}
