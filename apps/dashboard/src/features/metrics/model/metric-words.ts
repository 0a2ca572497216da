import type { EventField, EventSum, MetricDefinition } from '@dimmer/rollout'
import { durationWords } from '../../../shared/format/duration-words.ts'
import { figure, plural } from '../../../shared/format/number.ts'

const quoted = (event: string): string => (event.trim() === '' ? 'the event' : `“${event}”`)

const SUMS: Readonly<Record<EventField, (event: string) => string>> = {
  count: event => `Number of ${event}`,
  value: event => `Sum of the values of ${event}`,
  ms: event => `Sum of the durations of ${event}`,
}

const sumOf = ({ event, field }: EventSum): string => SUMS[field](quoted(event))

/** What is measured, in one sentence without its direction. */
function measured(metric: MetricDefinition): string {
  const unit = metric.unit ?? 'unit'
  const units = plural(unit)
  switch (metric.kind) {
    case 'error-rate':
      return `How often ${quoted(metric.event)} fails for the ${units} that have it, against those that don't.`
    case 'latency':
      return `The time that ${figure(100 * metric.quantile)} % of all ${quoted(metric.event)} stay within.`
    case 'adoption':
    case 'activation':
    case 'conversion':
      return `Share of ${units} with at least one ${metric.event.trim() === '' ? 'event' : quoted(metric.event)} within ${durationWords(metric.within)} of getting it.`
    case 'reversal':
      return `Of the ${units} that did ${quoted(metric.event)}, the share that did not do it again within ${durationWords(metric.within)}.`
    case 'retention':
      return `Share of ${units} with ${quoted(metric.event)} in the ${durationWords(metric.within)} that begin ${durationWords(metric.after)} after getting it.`
    case 'tickets':
      return `Number of ${quoted(metric.event)} per ${unit} in ${durationWords(metric.per)}, counted from getting it.`
    case 'sentiment':
      return `Mean of the values of ${quoted(metric.event)} in the first ${durationWords(metric.within)}, from ${metric.lowest} to ${metric.highest}. Who says nothing doesn't count.`
    case 'revenue':
    case 'mean': {
      const cap = metric.cap === undefined ? '' : `, of which at most ${figure(metric.cap)} count`
      return `${sumOf(metric)} per ${unit} in the first ${durationWords(metric.within)} after getting it${cap}.`
    }
    case 'ratio':
      return `${sumOf(metric.numerator)}, divided by: ${sumOf(metric.denominator).toLowerCase()}, in the first ${durationWords(metric.within)} after getting it.`
    case 'external':
      return `A number for each group from Prometheus, every ${durationWords(metric.every)}.`
  }
}

/** The whole metric in plain words: "Share of accounts with ... within 48 hours of getting it. Less is worse." */
export const metricSentence = (metric: MetricDefinition): string =>
  `${measured(metric)} ${metric.worse === 'higher' ? 'More is worse.' : 'Less is worse.'}`
