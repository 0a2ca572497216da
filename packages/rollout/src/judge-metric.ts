import { readErrorRate } from './error-rate/judge-error-rate.ts'
import type { EventFacts, GuardrailFacts } from './facts.ts'
import { readLatency } from './judge-latency.ts'
import type { Look, Reading } from './look.ts'
import { isDefined, type MetricDefinition } from './metrics/metric.ts'
import type { Limit, MetricGuardrail } from './plan.ts'

const isEvents = (facts: GuardrailFacts): facts is EventFacts => facts.shape === undefined || facts.shape === 'events'

/** The look with facts of the shape that the reader needs. Throws a RangeError for others: they are not this guardrail's. */
export function eventLook(look: Look): Look<EventFacts> {
  const { facts } = look
  if (isEvents(facts)) return { ...look, facts }
  throw new RangeError(`"${facts.guardrailId}" needs facts of the shape events, not ${facts.shape}`)
}

type Reader = (look: Look) => Reading

/** One reader per number of the limit. */
function readersOf(metric: MetricDefinition, { value, ratio }: Limit): Reader[] {
  const readers: Reader[] = []
  if (metric.kind === 'error-rate' && ratio !== undefined) {
    readers.push(look => readErrorRate({ event: metric.event, maxRatio: ratio }, eventLook(look)))
  }
  if (metric.kind === 'latency' && value !== undefined) {
    const { event, quantile } = metric
    readers.push(look => readLatency({ event, quantile, maxMs: value }, eventLook(look)))
  }
  return readers
}

const GRAVEST: readonly Reading['kind'][] = ['breached', 'inconclusive', 'ok']

/**
 * Judges a metric against each number of its limit, alpha shared evenly among them. The gravest reading is the answer: ok
 * only when all are. Throws a RangeError for a metric that isn't defined, or that has no such limit (`validatePlan` names both).
 */
export function readMetric({ metric, limit }: MetricGuardrail, look: Look): Reading {
  if (!isDefined(metric)) throw new RangeError(`metric "${metric.key}" version ${metric.version} is not defined`)
  const readers = readersOf(metric, limit)
  const readings = readers.map(reader => reader({ ...look, alpha: look.alpha / readers.length }))
  const [gravest] = readings.sort((a, b) => GRAVEST.indexOf(a.kind) - GRAVEST.indexOf(b.kind))
  if (!gravest) throw new RangeError(`"${metric.name}" (${metric.kind}) has no limit that can be judged`)
  return gravest
}
