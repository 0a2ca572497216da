import type { PutMetric } from '@dimmer/protocol'
import {
  catalogueEntry,
  defineMetric,
  type EventField,
  type EventSum,
  type MetricDefinition,
  type MetricKind,
  validateMetric,
  type Worse,
} from '@dimmer/rollout'

/** What the dialog asks for: the fields of all kinds, of which each kind uses some. */
export interface MetricForm {
  readonly name: string
  readonly key: string
  readonly kind: MetricKind
  /** Empty: any. */
  readonly unit: string
  readonly worse: Worse
  readonly event: string
  /** Percent. */
  readonly quantile: number
  readonly within: string
  readonly after: string
  readonly per: string
  readonly every: string
  readonly lowest: number
  readonly highest: number
  readonly field: EventField
  /** Undefined: none. */
  readonly cap: number | undefined
  readonly numerator: EventSum
  readonly denominator: EventSum
  readonly query: string
}

export type MetricField = Exclude<keyof MetricForm, 'name' | 'key' | 'kind' | 'unit' | 'worse'>

/** The fields of each kind, in the order in which they are asked. */
export const FIELDS_OF: Readonly<Record<MetricKind, readonly MetricField[]>> = {
  'error-rate': ['event'],
  latency: ['event', 'quantile'],
  adoption: ['event', 'within'],
  activation: ['event', 'within'],
  conversion: ['event', 'within'],
  reversal: ['event', 'within'],
  retention: ['event', 'after', 'within'],
  tickets: ['event', 'per'],
  sentiment: ['event', 'within', 'lowest', 'highest'],
  mean: ['field', 'event', 'within', 'cap'],
  revenue: ['field', 'event', 'within', 'cap'],
  ratio: ['numerator', 'denominator', 'within'],
  external: ['query', 'every'],
}

const EMPTY: Omit<MetricForm, 'kind' | 'worse'> = {
  name: '',
  key: '',
  unit: '',
  event: '',
  quantile: 95,
  within: 'P7D',
  after: 'P7D',
  per: 'P7D',
  every: 'PT5M',
  lowest: -1,
  highest: 1,
  field: 'count',
  cap: undefined,
  numerator: { event: '', field: 'value' },
  denominator: { event: '', field: 'value' },
  query: '',
}

const percentOf = (of: object): Partial<MetricForm> =>
  'quantile' in of && typeof of.quantile === 'number' ? { quantile: Number((100 * of.quantile).toPrecision(6)) } : {}

/** What the catalogue says is usual for a kind. */
function usual(kind: MetricKind): Partial<MetricForm> & Pick<MetricForm, 'kind' | 'worse'> {
  const { worse, defaults } = catalogueEntry(kind)
  return { ...defaults, ...percentOf(defaults), kind, worse }
}

export const newMetricForm = (kind: MetricKind): MetricForm => ({ ...EMPTY, ...usual(kind) })

/** A metric as the dialog shows it. */
export function formOf(metric: MetricDefinition): MetricForm {
  const { version: _, ...rest } = metric
  return { ...newMetricForm(metric.kind), ...rest, ...percentOf(metric), unit: metric.unit ?? '' }
}

/** Another kind, with what is usual for it; what was typed stays. */
export function withKind(form: MetricForm, kind: MetricKind): MetricForm {
  const { event = form.event, ...rest } = usual(kind)
  return { ...form, ...rest, event: form.event.trim() === '' ? event : form.event }
}

/** A metric without key and version, as it is sent. */
export function settingsOf(form: MetricForm): PutMetric {
  const { kind, worse, within, field } = form
  const unit = form.unit === '' ? {} : { unit: form.unit }
  const base = { name: form.name.trim(), worse, ...unit }
  const event = form.event.trim()
  const sum = (part: EventSum): EventSum => ({ ...part, event: part.event.trim() })
  switch (kind) {
    case 'error-rate':
      return { ...base, kind, event }
    case 'latency':
      return { ...base, kind, event, quantile: Number((form.quantile / 100).toPrecision(6)) }
    case 'adoption':
    case 'activation':
    case 'conversion':
      return { ...base, kind, event, within }
    case 'reversal':
      return { ...base, kind, event, within }
    case 'retention':
      return { ...base, kind, event, within, after: form.after }
    case 'tickets':
      return { ...base, kind, event, per: form.per }
    case 'sentiment':
      return { ...base, kind, event, within, lowest: form.lowest, highest: form.highest }
    case 'mean':
    case 'revenue':
      return { ...base, kind, event, within, field, ...(form.cap === undefined ? {} : { cap: form.cap }) }
    case 'ratio':
      return { ...base, kind, within, numerator: sum(form.numerator), denominator: sum(form.denominator) }
    case 'external':
      return { ...base, kind, query: form.query, every: form.every }
  }
}

/** The metric that the form describes, complete or not. */
export const metricOfForm = (form: MetricForm): MetricDefinition =>
  defineMetric({ ...settingsOf(form), key: form.key, version: 1 })

/** What is wrong, by field. */
export type FormProblems = Readonly<Partial<Record<keyof MetricForm, string>>>

const EMPTY_EVENT = 'Name the event that your code tracks.'

function eventProblems({ kind, numerator, denominator, event }: MetricForm): FormProblems {
  if (kind === 'external') return {}
  if (kind !== 'ratio') return event.trim() === '' ? { event: EMPTY_EVENT } : {}
  const of = (name: 'numerator' | 'denominator', sum: EventSum) =>
    sum.event.trim() === '' ? { [name]: EMPTY_EVENT } : {}
  return { ...of('numerator', numerator), ...of('denominator', denominator) }
}

/** Everything that has to be mended before the metric can be saved. */
export function formProblems(form: MetricForm): FormProblems {
  const found = validateMetric(metricOfForm(form))
    .map(({ path, message }) => [path.replace('metric.', ''), message] as const)
    .filter(([field]) => field !== 'key' && field !== 'name' && field !== 'event')
  return {
    ...Object.fromEntries(found),
    ...eventProblems(form),
    ...(form.name.trim() === '' ? { name: 'Give it a name that people will know it by.' } : {}),
    ...(form.key.trim() === '' ? { key: 'Give it a key.' } : {}),
  }
}
