import { readErrorRate } from './error-rate/judge-error-rate.ts'
import type { CountFacts, EventFacts, GuardrailFacts, OutcomeFacts, SampleFacts } from './facts.ts'
import { readLatency } from './judge-latency.ts'
import { readExternal } from './judges/judge-external.ts'
import { readLatencyRatio } from './judges/judge-latency-ratio.ts'
import { readMean, readMeanRatio } from './judges/judge-mean.ts'
import { readShare, readShareRatio } from './judges/judge-share.ts'
import { readTicketRatio, readTickets, readTicketTotal } from './judges/judge-tickets.ts'
import type { Look, Reading } from './look.ts'
import { isDefined, type MetricDefinition } from './metrics/metric.ts'
import type { Limit, MetricGuardrail } from './plan.ts'

const isEvents = (facts: GuardrailFacts): facts is EventFacts => facts.shape === undefined || facts.shape === 'events'
const isOutcomes = (facts: GuardrailFacts): facts is OutcomeFacts => facts.shape === 'outcomes'
const isCounts = (facts: GuardrailFacts): facts is CountFacts => facts.shape === 'counts'
const isSamples = (facts: GuardrailFacts): facts is SampleFacts => facts.shape === 'samples'

/** The look with facts of the shape that a reader needs. Throws a RangeError for others: they are not this guardrail's. */
function lookOn<F extends GuardrailFacts>(look: Look, fits: (facts: GuardrailFacts) => facts is F): Look<F> {
  const { facts } = look
  if (fits(facts)) return { ...look, facts }
  throw new RangeError(`facts of the shape ${facts.shape ?? 'events'} don't fit "${facts.guardrailId}"`)
}

/** A look at events. */
export const eventLook = (look: Look): Look<EventFacts> => lookOn(look, isEvents)

type Reader = (look: Look) => Reading

function valueReader(metric: MetricDefinition, value: number): Reader | undefined {
  switch (metric.kind) {
    case 'latency': {
      const { event, quantile } = metric
      return look => readLatency({ event, quantile, maxMs: value }, eventLook(look))
    }
    case 'adoption':
    case 'activation':
    case 'conversion':
    case 'reversal':
    case 'retention':
      return look => readShare(metric, value, lookOn(look, isOutcomes))
    case 'sentiment':
    case 'revenue':
    case 'mean':
      return look => readMean(metric, value, lookOn(look, isOutcomes))
    case 'tickets':
      return look => readTickets(metric, value, lookOn(look, isCounts))
    case 'external':
      return look => readExternal(metric, { by: 'value', limit: value }, lookOn(look, isSamples))
    case 'error-rate':
    case 'ratio':
      return undefined
  }
}

function ratioReader(metric: MetricDefinition, ratio: number): Reader | undefined {
  switch (metric.kind) {
    case 'error-rate':
      return look => readErrorRate({ event: metric.event, maxRatio: ratio }, eventLook(look))
    case 'latency':
      return look => readLatencyRatio(metric, ratio, eventLook(look))
    case 'adoption':
    case 'activation':
    case 'conversion':
    case 'retention':
      return look => readShareRatio(metric, ratio, lookOn(look, isOutcomes))
    case 'revenue':
    case 'mean':
    case 'ratio':
      return look => readMeanRatio(metric, ratio, lookOn(look, isOutcomes))
    case 'tickets':
      return look => readTicketRatio(metric, ratio, lookOn(look, isCounts))
    case 'external':
      return look => readExternal(metric, { by: 'ratio', limit: ratio }, lookOn(look, isSamples))
    case 'reversal':
    case 'sentiment':
      return undefined
  }
}

/** One reader per number of the limit. */
function readersOf(metric: MetricDefinition, { value, ratio, total }: Limit): Reader[] {
  const budget: Reader | undefined =
    total !== undefined && metric.kind === 'tickets'
      ? look => readTicketTotal(metric, total, lookOn(look, isCounts))
      : undefined
  return [
    value === undefined ? undefined : valueReader(metric, value),
    ratio === undefined ? undefined : ratioReader(metric, ratio),
    budget,
  ].filter(reader => reader !== undefined)
}

const GRAVEST: readonly Reading['kind'][] = ['breached', 'inconclusive', 'ok']

/**
 * Judges a metric against each number of its limit, alpha shared evenly among them. The gravest reading is the answer: ok
 * only when all are. Throws a RangeError for a metric that isn't defined, or that has no such limit (`validatePlan` names both).
 */
export function readMetric({ metric, limit }: Pick<MetricGuardrail, 'metric' | 'limit'>, look: Look): Reading {
  if (!isDefined(metric)) throw new RangeError(`metric "${metric.key}" version ${metric.version} is not defined`)
  const readers = readersOf(metric, limit)
  const readings = readers.map(reader => reader({ ...look, alpha: look.alpha / readers.length }))
  const [gravest] = readings.sort((a, b) => GRAVEST.indexOf(a.kind) - GRAVEST.indexOf(b.kind))
  if (!gravest) throw new RangeError(`"${metric.name}" (${metric.kind}) has no limit that can be judged`)
  return gravest
}
