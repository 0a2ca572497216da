/** What can be read as an experiment, and since when. Pure. */
import type { Flag, Serve, Split } from '@dimmer/engine'
import type { ReadExperiment } from '@dimmer/protocol'
import { isDefined, lookUpMetric, type MetricDefinition, noSuchMetric, validateMetric } from '@dimmer/rollout'
import { AppError } from '../../kernel/errors.ts'
import type { FlagVersion } from '../projects/index.ts'

/** A split, and since which version it is as it is. */
export interface SplitSince {
  readonly split: Split
  readonly version: number
  readonly at: Date
  readonly offVariant: string
}

const serveOf = (flag: Flag, rule: string | undefined): Serve | undefined =>
  rule === undefined ? flag.fallthrough : flag.rules.find(({ id }) => id === rule)?.serve

const refuse = (message: string): never => {
  throw new AppError('invalid-request', message)
}

/** Order of keys apart, as the database keeps it. */
const same = (a: Split, b: Split): boolean =>
  a.unit === b.unit &&
  JSON.stringify([a.arms.map(({ variant, weight }) => [variant, weight]), a.hash?.scheme, a.hash?.salt]) ===
    JSON.stringify([b.arms.map(({ variant, weight }) => [variant, weight]), b.hash?.scheme, b.hash?.salt])

/**
 * The split that a rule (undefined: the fallthrough) serves now. What else of the flag changed doesn't matter: it deals
 * the same units the same variants. `versions`: the newest first.
 */
export function splitSince(versions: readonly FlagVersion[], rule: string | undefined): SplitSince {
  const [newest] = versions
  if (!newest?.flag) return refuse('This flag has no version to read.')
  const { offVariant } = newest.flag
  const serve = serveOf(newest.flag, rule)
  if (serve === undefined) throw new AppError('rule-not-found', `The flag has no rule "${rule}" in this environment.`)
  const who = rule === undefined ? 'The fallthrough' : `The rule "${rule}"`
  if (!('split' in serve)) {
    return refuse(`${who} serves everybody "${serve.variant}"; only a split can be read as an experiment.`)
  }
  const { split } = serve
  const changed = versions.findIndex(({ flag }) => {
    const then = flag === null ? undefined : serveOf(flag, rule)
    return then === undefined || !('split' in then) || !same(then.split, split)
  })
  const first = (changed === -1 ? versions : versions.slice(0, changed)).at(-1) ?? newest
  return { split, version: first.version, at: first.at, offVariant }
}

/** The metrics that are asked for, those of the library looked up. */
export function definedMetrics(
  { metrics }: Pick<ReadExperiment, 'metrics'>,
  library: readonly MetricDefinition[],
): readonly MetricDefinition[] {
  return metrics.map((choice, index) => {
    const metric = lookUpMetric(choice, library)
    if (isDefined(metric)) return metric
    const message = noSuchMetric(metric)
    throw new AppError('invalid-request', message, { details: [{ path: `metrics.${index}`, message }] })
  })
}

const ARM_METRICS: ReadonlySet<MetricDefinition['kind']> = new Set([
  'adoption',
  'activation',
  'conversion',
  'retention',
  'reversal',
  'sentiment',
  'revenue',
  'mean',
  'ratio',
])

/** Refuses metrics that make no sense, or that aren't one number per unit of the split. */
export function assertReadable(metrics: readonly MetricDefinition[], { unit }: Split): void {
  const details = metrics.flatMap((metric, index) => {
    const path = `metrics.${index}`
    const own = validateMetric(metric, path).map(problem => ({ path: problem.path, message: problem.message }))
    if (!ARM_METRICS.has(metric.kind)) {
      const message = `A metric of kind "${metric.kind}" is not one number per unit; an experiment reads ${[...ARM_METRICS].join(', ')}. To count events, take "mean".`
      own.push({ path: `${path}.kind`, message })
    }
    if (metric.unit !== undefined && metric.unit !== unit) {
      own.push({ path: `${path}.unit`, message: `This split deals by ${unit}, not by ${metric.unit}.` })
    }
    if (metrics.findIndex(({ key }) => key === metric.key) < index) {
      own.push({ path: `${path}.key`, message: `There are two metrics with the key "${metric.key}".` })
    }
    return own
  })
  if (details.length === 0) return
  throw new AppError('invalid-request', details.map(({ message }) => message).join(' '), { details })
}

/** The arms that anybody can get, and the one that the others are compared with. */
export function armsOf({ split, offVariant }: SplitSince, { baseline }: ReadExperiment) {
  const arms = split.arms.filter(({ weight }) => weight > 0)
  const names = arms.map(({ variant }) => variant)
  if (new Set(names).size < 2) return refuse('The split gives everybody the same variant; there is nothing to compare.')
  const chosen = baseline ?? (names.includes(offVariant) ? offVariant : (names[0] ?? ''))
  if (!names.includes(chosen)) {
    return refuse(`The baseline "${chosen}" is not an arm of the split; its arms are ${names.join(', ')}.`)
  }
  return { arms, baseline: chosen }
}
