import type { MetricDefinition, MetricKind, SentimentMetric, TicketsMetric, Worse } from './metric.ts'

/** One kind of metric as the catalogue offers it. `defaults` are what `defineMetric` fills in. */
export interface CatalogueEntry {
  readonly kind: MetricKind
  readonly name: string
  /** One sentence for people who choose. */
  readonly what: string
  readonly worse: Worse
  /** Fields that only the user can know. */
  readonly needs: readonly string[]
  readonly defaults: Readonly<Record<string, string | number>>
  /** Which limits make sense: in the metric's own measure, against the comparison group, as a total. */
  readonly limits: readonly ('value' | 'ratio' | 'total')[]
}

const entry = (kind: MetricKind, rest: Omit<CatalogueEntry, 'kind'>): CatalogueEntry => ({ kind, ...rest })

/** Every kind of metric there is, with sensible defaults, in the order in which a picker would show it. */
export const metricCatalogue: readonly CatalogueEntry[] = [
  entry('error-rate', {
    name: 'Error rate',
    what: 'How often an operation fails, against those who do not have the change.',
    worse: 'higher',
    needs: ['event'],
    defaults: {},
    limits: ['ratio'],
  }),
  entry('latency', {
    name: 'Latency',
    what: 'How long an operation takes at a quantile, in ms.',
    worse: 'higher',
    needs: ['event'],
    defaults: { quantile: 0.95 },
    limits: ['value', 'ratio'],
  }),
  entry('adoption', {
    name: 'Adoption',
    what: 'Share of units that used it within 48 hours of getting it.',
    worse: 'lower',
    needs: ['event'],
    defaults: { within: 'PT48H' },
    limits: ['value', 'ratio'],
  }),
  entry('activation', {
    name: 'Activation',
    what: 'Share of units that did the thing that matters within 7 days.',
    worse: 'lower',
    needs: ['event'],
    defaults: { within: 'P7D' },
    limits: ['value', 'ratio'],
  }),
  entry('reversal', {
    name: 'Reversal',
    what: 'Of the units that used it: the share that did not come back within 72 hours.',
    worse: 'higher',
    needs: ['event'],
    defaults: { within: 'PT72H' },
    limits: ['value'],
  }),
  entry('retention', {
    name: 'Retention',
    what: 'Share of units that still use it in the second week.',
    worse: 'lower',
    needs: ['event'],
    defaults: { after: 'P7D', within: 'P7D' },
    limits: ['value', 'ratio'],
  }),
  entry('conversion', {
    name: 'Conversion',
    what: 'Share of units that reach a goal within 7 days.',
    worse: 'lower',
    needs: ['event'],
    defaults: { within: 'P7D' },
    limits: ['value', 'ratio'],
  }),
  entry('tickets', {
    name: 'Support tickets',
    what: 'Tickets per unit and week.',
    worse: 'higher',
    needs: [],
    defaults: { event: 'ticket', per: 'P7D' },
    limits: ['value', 'ratio', 'total'],
  }),
  entry('sentiment', {
    name: 'Sentiment',
    what: 'Mean score of what units say, from -1 to 1.',
    worse: 'lower',
    needs: [],
    defaults: { event: 'sentiment', within: 'P7D', lowest: -1, highest: 1 },
    limits: ['value'],
  }),
  entry('revenue', {
    name: 'Revenue',
    what: 'Money per unit in 7 days. Money varies a lot: small changes stay invisible for weeks.',
    worse: 'lower',
    needs: ['event'],
    defaults: { field: 'value', within: 'P7D' },
    limits: ['value', 'ratio'],
  }),
  entry('mean', {
    name: 'Mean per unit',
    what: 'Events, or the sum of their values, per unit in 7 days.',
    worse: 'lower',
    needs: ['event'],
    defaults: { field: 'count', within: 'P7D' },
    limits: ['value', 'ratio'],
  }),
  entry('ratio', {
    name: 'Ratio',
    what: 'One sum over another, such as refunds over payments.',
    worse: 'higher',
    needs: ['numerator', 'denominator'],
    defaults: { within: 'P7D' },
    limits: ['ratio'],
  }),
  entry('external', {
    name: 'Prometheus',
    what: 'A number per group from a Prometheus query.',
    worse: 'higher',
    needs: ['query'],
    defaults: { every: 'PT5M' },
    limits: ['value', 'ratio'],
  }),
]

/** What the catalogue says of a kind. */
export function catalogueEntry(kind: MetricKind): CatalogueEntry {
  const found = metricCatalogue.find(one => one.kind === kind)
  if (!found) throw new RangeError(`there is no metric of kind "${kind}"`)
  return found
}

/** Leaves out of each kind what the catalogue can fill in. */
type Fillable =
  | 'version'
  | 'name'
  | 'worse'
  | 'quantile'
  | 'within'
  | 'after'
  | 'per'
  | 'every'
  | 'lowest'
  | 'highest'
  | 'field'
type FillableOf<M> = M extends TicketsMetric | SentimentMetric ? Fillable | 'event' : Fillable
type Sparse<M> = M extends MetricDefinition
  ? Omit<M, FillableOf<M>> & Partial<Pick<M, Extract<FillableOf<M>, keyof M>>>
  : never

/** A metric as people write it: what is absent takes the defaults of its kind. */
export type MetricInput = Sparse<MetricDefinition>

type WithoutIdentity<M> = M extends MetricInput ? Omit<M, 'key' | 'version'> : never

/** What a metric says beside its key and version. */
export type MetricSettings = WithoutIdentity<MetricInput>

/** Fills in version 1, the catalogue's name and direction, and the defaults of the kind. `validateMetric` says what is still wrong. */
export function defineMetric(input: MetricInput): MetricDefinition {
  const { name, worse, defaults } = catalogueEntry(input.kind)
  const filled: unknown = { version: 1, name, worse, ...defaults, ...input }
  return filled as MetricDefinition
}
