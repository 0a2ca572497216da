import { eBenjaminiHochberg, fixedAllocationLogE, logEThreshold } from '@dimmer/stats'
import type { MetricDefinition } from '../metrics/metric.ts'
import { count, inSentence, oneIn } from '../wording.ts'
import { type Comparison, compareArms } from './compare-arms.ts'
import type {
  ArmDefinition,
  ArmOutcome,
  ArmReading,
  ExperimentDefinition,
  ExperimentFacts,
  ExperimentReading,
  MetricReading,
  SegmentReading,
} from './experiment.ts'

const SICK_ALPHA = 0.001
const CROSSED_SHARE = 0.01
const FEWEST_CROSSED = 5

/** 0.1234 -> "+12 %" */
function signed(lift: number): string {
  const figure = Number((100 * Math.abs(lift)).toPrecision(2))
  return `${lift < 0 ? '-' : '+'}${figure} %`
}

function sickness({ arms }: ExperimentDefinition, { seen, crossed }: ExperimentFacts): string | undefined {
  const all = arms.reduce((sum, { weight }) => sum + weight, 0)
  const counts = arms.map(({ variant, weight }) => ({ units: seen[variant] ?? 0, share: weight / all }))
  const units = counts.reduce((sum, arm) => sum + arm.units, 0)
  const logE = arms.length < 2 ? 0 : fixedAllocationLogE(counts)
  if (logE >= logEThreshold(SICK_ALPHA)) {
    const found = arms.map(({ variant }) => `${variant} ${count(seen[variant] ?? 0)}`).join(', ')
    return `The arms don't have the planned sizes: ${found}. Chance of that below ${oneIn(logE)}.`
  }
  if (crossed < FEWEST_CROSSED || crossed < CROSSED_SHARE * units) return undefined
  return `${count(crossed)} units were seen in more than one arm: they did not keep what they were given.`
}

interface Reader {
  readonly experiment: ExperimentDefinition
  readonly metric: MetricDefinition
}

function verdictOf({ worse }: MetricDefinition, { lower, upper }: Comparison): ArmReading['verdict'] {
  if (lower === undefined || upper === undefined) return 'too-few-units'
  if (lower > 0) return worse === 'higher' ? 'worse' : 'better'
  if (upper < 0) return worse === 'higher' ? 'better' : 'worse'
  return 'no-difference-yet'
}

function sentenceOf({ name }: MetricDefinition, comparison: Comparison): string {
  const { lift, lower, upper, units } = comparison
  const what = inSentence(name)
  if (lift === undefined) return `${name}: nothing to compare yet.`
  if (lower === undefined || upper === undefined)
    return `${signed(lift)} ${what} so far, from too few units (${count(units)}) to tell.`
  return `${signed(lift)} ${what} (${signed(lower)} to ${signed(upper)})`
}

/** Below this part of the split an arm is too small beside the others for the intervals. */
const SMALLEST_PART = 0.25

/** Sums of events, in which a few units can weigh as much as all others together. */
const UNBOUNDED: ReadonlySet<string> = new Set(['mean', 'revenue', 'ratio'])

/** The intervals are asymptotic: what they were not checked for. */
function doubt({ experiment: { arms, baseline }, metric }: Reader, arm: ArmDefinition): string | undefined {
  const all = arms.reduce((sum, { weight }) => sum + weight, 0)
  const smallest = Math.min(
    ...[arm, ...arms.filter(({ variant }) => variant === baseline)].map(one => one.weight / all),
  )
  const capped = 'cap' in metric && metric.cap !== undefined
  const reasons = [
    smallest < SMALLEST_PART ? 'an arm has less than a quarter of the split' : '',
    UNBOUNDED.has(metric.kind) && !capped ? 'values have no cap, so a few units can weigh as much as all others' : '',
  ].filter(Boolean)
  return reasons.length === 0 ? undefined : `Not calibrated: ${reasons.join(', and ')}.`
}

function readArm({ experiment, metric }: Reader, arm: ArmDefinition, outcomes: readonly ArmOutcome[]): ArmReading {
  const of = (variant: string): ArmOutcome[] => outcomes.filter(outcome => outcome.variant === variant)
  const { alpha = 0.05, smallestLift = 0.05, baseline } = experiment
  const cap = ('cap' in metric ? metric.cap : undefined) ?? Infinity
  const comparison = compareArms(of(arm.variant), of(baseline), { alpha, smallestLift, cap })
  const notCalibrated = comparison.lower === undefined ? undefined : doubt({ experiment, metric }, arm)
  return {
    variant: arm.variant,
    ...comparison,
    ...(notCalibrated !== undefined && { notCalibrated }),
    verdict: verdictOf(metric, comparison),
    sentence: sentenceOf(metric, comparison),
  }
}

/** Every other arm in every value of the segment; those that stand after e-BH over all of them are `found`. */
function readSegments(reader: Reader, outcomes: readonly ArmOutcome[]): SegmentReading[] {
  const { segment, arms, baseline, alpha = 0.05 } = reader.experiment
  if (segment === undefined) return []
  const values = [...new Set(outcomes.flatMap(outcome => outcome.segments?.[segment] ?? []))].sort()
  const readings = values.flatMap(value => {
    const own = outcomes.filter(outcome => outcome.segments?.[segment] === value)
    const others = arms.filter(({ variant }) => variant !== baseline)
    return others.map(arm => ({ ...readArm(reader, arm, own), segment: value }))
  })
  const found = new Set(
    eBenjaminiHochberg(
      readings.map(({ logE }) => logE),
      alpha,
    ),
  )
  return readings.map((reading, index) => ({ ...reading, found: found.has(index) }))
}

function readMetric(reader: Reader, facts: ExperimentFacts, now: number): MetricReading {
  const { experiment, metric } = reader
  const outcomes = (facts.outcomes[metric.key] ?? []).filter(({ maturesAt }) => maturesAt <= now)
  const others = experiment.arms.filter(({ variant }) => variant !== experiment.baseline)
  return {
    metric: metric.key,
    arms: others.map(arm => readArm(reader, arm, outcomes)),
    segments: readSegments(reader, outcomes),
  }
}

/**
 * Reads a flag with a split as an A/B test: per metric and arm the estimate, the relative lift with an always-valid interval, units,
 * and whether the arms have their planned sizes. By segment with control of false discoveries.
 *
 * Source, null and exactness: intervals as in `compareArms` (asymptotic, valid at every look); arm sizes by `fixedAllocationLogE`
 * (Lindon & Malek 2022; exact); segments by e-BH (Wang & Ramdas 2022; exact for e-values, here asymptotic ones). Each interval
 * holds by itself; over many metrics and arms some will miss. Throws a RangeError when the baseline is not one of the arms.
 */
export function readExperiment(
  experiment: ExperimentDefinition,
  facts: ExperimentFacts,
  now: number,
): ExperimentReading {
  if (!experiment.arms.some(({ variant }) => variant === experiment.baseline)) {
    throw new RangeError(`the baseline "${experiment.baseline}" is not one of the arms`)
  }
  const sick = sickness(experiment, facts)
  return {
    ...(sick !== undefined && { sick }),
    metrics: experiment.metrics.map(metric => readMetric({ experiment, metric }, facts, now)),
    at: now,
  }
}
