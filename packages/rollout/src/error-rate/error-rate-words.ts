import type { Evidence } from '../verdict.ts'
import { count, plural, times } from '../wording.ts'
import type { ErrorReading } from './error-reading.ts'

/** What is counted and how much worse it may be. */
export interface ErrorRateLimit {
  readonly event: string
  readonly maxRatio: number
}

export interface ErrorRateNumbers {
  /** The plan's unit. */
  readonly unit: string
  readonly lead: ErrorReading
  /** As in `ErrorReadings`. */
  readonly crude: number | null
  readonly size: number
  readonly evidence: Evidence
  /** Stages so far that had a comparison group. */
  readonly compared: number
}

function groups({ unit, lead, evidence, compared }: ErrorRateNumbers): string {
  const { unitsHit, units } = evidence
  const afresh = compared > 1 ? `, counted afresh in each of ${compared} stages` : ''
  return (
    `${count(unitsHit.treated)} of ${count(units.treated)} exposed ${plural(unit)} ${lead.what}, ` +
    `${count(unitsHit.control)} of ${count(units.control)} others${afresh}.`
  )
}

/** In what way it is beyond the limit, when the estimate over all is not. */
function otherwise({ lead: { recent }, crude, size }: ErrorRateNumbers, maxRatio: number): string {
  const isBeyond = (ratio: number | null): ratio is number => ratio !== null && ratio >= maxRatio && ratio < Infinity
  if (isBeyond(recent)) return `, ${times(recent)} of late`
  if (isBeyond(crude)) return `, ${times(crude)} by events`
  return isBeyond(size) ? `, ${times(size)} counted otherwise` : ''
}

/** The numbers of both groups in one sentence, with ratio, bounds and limit where there is a ratio. */
export function comparisonSentence(limit: ErrorRateLimit, numbers: ErrorRateNumbers): string {
  const { evidence } = numbers
  const many = plural(numbers.unit)
  const { estimate, lower, upper, unitsHit } = evidence
  if (estimate === undefined || unitsHit.treated === 0) {
    const who = unitsHit.treated > 0 ? 'Only exposed' : unitsHit.control > 0 ? 'No exposed' : 'No'
    return `${who} ${many} had failures of ${limit.event}: ${groups(numbers)}`
  }
  const bounds = lower === undefined ? '' : `${times(lower)} to ${upper === undefined ? 'unbounded' : times(upper)}, `
  const range = `${bounds}limit ${times(limit.maxRatio)}`
  const byEvents = estimate < limit.maxRatio ? otherwise(numbers, limit.maxRatio) : ''
  return `Error rate of ${limit.event} among exposed ${many} is ${times(estimate)} the others' (${range}${byEvents}): ${groups(numbers)}`
}

/** Why a suspicion is no breach. */
export function suspicion({ unit, lead, evidence }: ErrorRateNumbers): string {
  if (lead.harm < evidence.breachAt) return 'This looks like harm but is not proven.'
  if (lead.hit.treated < 2) return `One ${unit} alone proves nothing about the others.`
  if (lead.hit.treated < lead.fewest) return `Too few ${plural(unit)} failed to speak for the others.`
  return 'Harm is proven, but the estimate is below the limit.'
}
