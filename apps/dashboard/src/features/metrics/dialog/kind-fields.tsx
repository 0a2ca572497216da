import type { EventSum, EventField as SumField } from '@dimmer/rollout'
import { Box, Input, NativeSelect, NumberInput, Stack, Textarea } from '@mantine/core'
import type { ReactNode } from 'react'
import { DurationField } from '../../../shared/ui/duration-field.tsx'
import classes from '../metrics.module.css'
import { FIELDS_OF, type FormProblems, type MetricField, type MetricForm } from '../model/metric-form.ts'
import { EventField } from './event-field.tsx'

interface Props {
  readonly form: MetricForm
  /** What is wrong, as far as it is to be shown yet. */
  readonly problems: FormProblems
  readonly onChange: (change: Partial<MetricForm>) => void
}

const SUM_LABELS: Readonly<Record<SumField, string>> = {
  count: 'how many there are',
  value: 'the sum of their values',
  ms: 'the sum of their durations',
}
const SUM_CHOICES = Object.entries(SUM_LABELS).map(([value, label]) => ({ value, label }))
const isSum = (value: string): value is SumField => Object.hasOwn(SUM_LABELS, value)

interface SumProps {
  readonly label: string
  readonly value: EventSum
  readonly error: string | undefined
  readonly onChange: (sum: EventSum) => void
}

function SumFields({ label, value, error, onChange }: SumProps) {
  return (
    <div className={classes.pair}>
      <EventField label={label} value={value.event} error={error} onChange={event => onChange({ ...value, event })} />
      <NativeSelect
        label="Of it"
        aria-label={`${label}: of it`}
        data={SUM_CHOICES}
        value={value.field}
        onChange={({ currentTarget: { value: field } }) => isSum(field) && onChange({ ...value, field })}
      />
    </div>
  )
}

interface SpanProps extends Props {
  readonly field: 'within' | 'after' | 'per' | 'every'
  readonly label: string
  readonly description: string
}

function Span({ form, problems, onChange, field, label, description }: SpanProps) {
  return (
    <Input.Wrapper label={label} description={description} labelElement="div">
      <Box mt={5}>
        <DurationField
          label={label}
          value={form[field]}
          error={problems[field]}
          onChange={value => onChange({ [field]: value })}
        />
      </Box>
    </Input.Wrapper>
  )
}

const numberOr =
  (fallback: number, take: (value: number) => void) =>
  (value: number | string): void =>
    take(typeof value === 'number' ? value : fallback)

const QUERY_HELP =
  'PromQL with {{group}} (treated or control) or {{variant}} (the key of the variant), so that each group gets its own number.'

/** How each field is asked for. */
const ASK: Readonly<Record<MetricField, (props: Props) => ReactNode>> = {
  event: ({ form, problems, onChange }) => (
    <EventField
      label="Event"
      description="The name that your code gives to track()."
      value={form.event}
      error={problems.event}
      onChange={event => onChange({ event })}
    />
  ),
  quantile: ({ form, problems, onChange }) => (
    <NumberInput
      label="Share that must be fast"
      description="95 % means: the slowest 5 % may take longer."
      suffix=" %"
      min={50}
      max={99.9}
      value={form.quantile}
      error={problems.quantile}
      onChange={numberOr(0, quantile => onChange({ quantile }))}
    />
  ),
  within: props => (
    <Span
      {...props}
      field="within"
      label="Within"
      description="The window, from when a unit first gets it. It counts once that is over."
    />
  ),
  after: props => (
    <Span
      {...props}
      field="after"
      label="Beginning after"
      description="How long after first getting it the window begins."
    />
  ),
  per: props => <Span {...props} field="per" label="Per" description="The period that the number is given for." />,
  every: props => (
    <Span
      {...props}
      field="every"
      label="Every"
      description="How often it is asked; at least the range in the query."
    />
  ),
  lowest: ({ form, problems, onChange }) => (
    <NumberInput
      label="Lowest score"
      value={form.lowest}
      error={problems.lowest}
      onChange={numberOr(0, lowest => onChange({ lowest }))}
    />
  ),
  highest: ({ form, problems, onChange }) => (
    <NumberInput
      label="Highest score"
      value={form.highest}
      error={problems.highest}
      onChange={numberOr(0, highest => onChange({ highest }))}
    />
  ),
  field: ({ form, onChange }) => (
    <NativeSelect
      label="Count"
      description="What is added up for each unit."
      data={SUM_CHOICES}
      value={form.field}
      onChange={({ currentTarget: { value } }) => isSum(value) && onChange({ field: value })}
    />
  ),
  cap: ({ form, problems, onChange }) => (
    <NumberInput
      label="At most"
      description="What one unit may bring in. Needed for limits and goals in absolute numbers; empty: no cap."
      min={0}
      value={form.cap ?? ''}
      error={problems.cap}
      onChange={value => onChange({ cap: typeof value === 'number' ? value : undefined })}
    />
  ),
  numerator: ({ form, problems, onChange }) => (
    <SumFields
      label="Event above the line"
      value={form.numerator}
      error={problems.numerator}
      onChange={numerator => onChange({ numerator })}
    />
  ),
  denominator: ({ form, problems, onChange }) => (
    <SumFields
      label="Event below the line"
      value={form.denominator}
      error={problems.denominator}
      onChange={denominator => onChange({ denominator })}
    />
  ),
  query: ({ form, problems, onChange }) => (
    <Textarea
      label="Query"
      description={QUERY_HELP}
      required
      autosize
      minRows={2}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
      value={form.query}
      error={problems.query}
      onChange={({ currentTarget: { value } }) => onChange({ query: value })}
    />
  ),
}

/** What a kind of metric needs to know. */
export function KindFields(props: Props) {
  return (
    <Stack gap="sm">
      {FIELDS_OF[props.form.kind].map(field => (
        <div key={field}>{ASK[field](props)}</div>
      ))}
    </Stack>
  )
}
