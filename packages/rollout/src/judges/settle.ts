import { FEWEST_UNITS_HIT, type Look, OK_AT, type Reading, SUSPECT_AT } from '../look.ts'
import type { MetricDefinition } from '../metrics/metric.ts'
import type { Evidence } from '../verdict.ts'
import { count, oneIn, percent, plural, times } from '../wording.ts'

/** One number of a metric's limit: the value itself, or times the comparison group's. */
export interface Bound {
  readonly by: 'value' | 'ratio'
  readonly limit: number
}

/** What the statistics say, before words. */
export interface Finding {
  readonly metric: MetricDefinition
  readonly bound: Bound
  readonly evidence: Evidence
  /** Exposed units behind a breach; one alone never speaks for the others. */
  readonly behind: number
  /** The comparison group breaks the same limit: not this change's fault. */
  readonly common?: boolean
  /** Told when nothing is proven either way. */
  readonly patience?: string
}

const SHARES: readonly MetricDefinition['kind'][] = ['adoption', 'activation', 'conversion', 'reversal', 'retention']

/** A number in the measure of the metric: "12 %", "1.8x", "730 ms". */
export function measure(metric: MetricDefinition, by: Bound['by'], value: number): string {
  if (by === 'ratio') return times(value)
  if (SHARES.includes(metric.kind)) return percent(value)
  const figure = String(Number(value.toPrecision(3)))
  return metric.kind === 'latency' ? `${figure} ms` : figure
}

/** Whether a value is at or beyond a limit on the bad side. */
export function isBeyond({ worse }: Pick<MetricDefinition, 'worse'>, value: number, limit: number): boolean {
  return worse === 'higher' ? value >= limit : value <= limit
}

function numbers({ metric, bound: { by, limit }, evidence }: Finding, unit: string): string {
  const { estimate, lower, upper, units } = evidence
  const show = (value: number): string => measure(metric, by, value)
  const allowed = `limit ${metric.worse === 'higher' ? 'at most' : 'at least'} ${show(limit)}`
  const who = `${count(units.treated)} exposed ${plural(unit)}${by === 'ratio' ? ` and ${count(units.control)} others` : ''}`
  if (estimate === undefined) return `${metric.name} of exposed ${plural(unit)} is not known yet (${allowed}; ${who}).`
  const range =
    lower === undefined && upper === undefined
      ? ''
      : `${lower === undefined ? '' : show(lower)} to ${upper === undefined ? 'unbounded' : show(upper)}, `
  const others = by === 'ratio' ? " the others'" : ''
  return `${metric.name} of exposed ${plural(unit)} is ${show(estimate)}${others} (${range}${allowed}; ${who}).`
}

function answer(finding: Finding): { kind: Reading['kind']; why: string } {
  const { metric, bound, evidence, behind, common = false, patience = 'Too little so far to tell.' } = finding
  const { estimate, logE, breachAt, logEOk, okAt } = evidence
  const beyond = estimate !== undefined && isBeyond(metric, estimate, bound.limit)
  if (logE >= breachAt && common) {
    return { kind: 'inconclusive', why: 'The others break this limit too: not proven to be this change.' }
  }
  if (logE >= breachAt && beyond && behind >= FEWEST_UNITS_HIT) {
    return { kind: 'breached', why: `Chance of a false alarm below ${oneIn(logE)}.` }
  }
  if (logE >= breachAt) {
    const why = beyond
      ? 'One unit alone proves nothing about the others.'
      : 'Harm is proven, but the estimate is within the limit.'
    return { kind: 'inconclusive', why }
  }
  if (logE >= SUSPECT_AT) return { kind: 'inconclusive', why: 'This looks like harm but is not proven.' }
  if (logEOk >= okAt) return { kind: 'ok', why: `It is within ${measure(metric, bound.by, bound.limit)} (95 % sure).` }
  return { kind: 'inconclusive', why: patience }
}

/** The reading of one number of a limit, with its sentence. */
export function settle(finding: Finding, look: Look): Reading {
  const { kind, why } = answer(finding)
  return { kind, sentence: `${numbers(finding, look.plan.unit)} ${why}`, evidence: finding.evidence }
}

/** Evidence that knows nothing yet, to be filled in. */
export function emptyEvidence(limit: number, breachAt: number): Evidence {
  const none = { treated: 0, control: 0 }
  return {
    limit,
    estimate: undefined,
    lower: undefined,
    upper: undefined,
    logE: 0,
    breachAt,
    logEOk: 0,
    okAt: OK_AT,
    units: none,
    unitsHit: none,
    events: none,
    eventsHit: none,
  }
}
