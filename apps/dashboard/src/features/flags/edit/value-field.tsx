import type { AttributeView } from '@dimmer/protocol'
import { Autocomplete, Group, NativeSelect, NumberInput, TagsInput, TextInput } from '@mantine/core'
import { DurationField } from '../../../shared/ui/duration-field.tsx'
import { useEditing, useProblem } from './editing.tsx'
import { InstantField } from './instant-field.tsx'
import type { TestForm } from './model/condition-form.ts'
import { operatorChoice } from './model/operator-choices.ts'
import { type ValueForm, type ValueType, withItems } from './model/value-form.ts'

interface Props {
  readonly test: TestForm
  readonly path: string
  readonly onChange: (value: ValueForm) => void
}

interface FieldProps extends Props {
  readonly error: string | undefined
  readonly label: string
  readonly examples: readonly string[]
  readonly placeholder: string
}

const TYPES: readonly { readonly value: ValueType; readonly label: string }[] = [
  { value: 'text', label: 'Text' },
  { value: 'number', label: 'Number' },
  { value: 'boolean', label: 'Yes / no' },
]

function TypeSelect({ test, onChange, of }: Props & { readonly of: readonly ValueType[] }) {
  return (
    <NativeSelect
      aria-label={`Type of the value of ${test.attribute}`}
      w={92}
      data={TYPES.filter(({ value }) => of.includes(value))}
      value={test.value.type}
      onChange={event => {
        const type = TYPES.find(({ value }) => value === event.currentTarget.value)?.value
        if (type === undefined) return
        const items =
          type === 'boolean'
            ? ['true']
            : test.value.items.filter(item => type === 'text' || !Number.isNaN(Number(item)))
        onChange({ ...test.value, type, items })
      }}
    />
  )
}

function OneValue({ test, error, label, examples, placeholder, onChange }: FieldProps) {
  const { type, items } = test.value
  const set = (item: string) => onChange({ ...test.value, items: [item] })
  const [value = ''] = items
  if (type === 'boolean') {
    return (
      <NativeSelect
        aria-label={label}
        flex={1}
        data={[
          { value: 'true', label: 'yes (true)' },
          { value: 'false', label: 'no (false)' },
        ]}
        value={value}
        error={error}
        onChange={event => set(event.currentTarget.value)}
      />
    )
  }
  if (type === 'number') {
    return <NumberInput aria-label={label} flex={1} value={value} error={error} onChange={item => set(String(item))} />
  }
  return (
    <Autocomplete
      aria-label={label}
      flex={1}
      miw={0}
      placeholder={placeholder}
      data={[...examples]}
      value={value}
      error={error}
      onChange={set}
    />
  )
}

function SeveralValues({ test, error, label, examples, placeholder, onChange }: FieldProps) {
  const always = operatorChoice(test.op).kind === 'scalars'
  return (
    <TagsInput
      aria-label={label}
      flex={1}
      miw={0}
      styles={{ inputField: { minWidth: 60 } }}
      placeholder={test.value.items.length === 0 ? `${placeholder}, then Enter` : ''}
      data={[...examples]}
      // An expression may have commas in it.
      splitChars={test.op === 'matches' ? [] : [',', '\n']}
      value={[...test.value.items]}
      error={error}
      onChange={items => onChange(withItems(test.value, items, always))}
    />
  )
}

const examplesOf = (attributes: readonly AttributeView[], { attribute, value, op }: TestForm): readonly string[] => {
  if (op === 'matches') return []
  const found = attributes.filter(({ path }) => path === attribute).flatMap(({ examples }) => examples)
  const fitting = found.filter(example =>
    value.type === 'text' ? typeof example === 'string' : typeof example === value.type,
  )
  return [...new Set(fitting.map(String))]
}

/** What the attribute is compared with, in a field that fits the operator. */
export function ValueField(props: Props) {
  const { test, path, onChange } = props
  const { attributes } = useEditing()
  const error = useProblem(`${path}.value`)
  const { kind, example } = operatorChoice(test.op)
  const label = `Value of ${test.attribute === '' ? 'the test' : test.attribute}`
  const set = (item: string) => onChange({ ...test.value, items: item === '' ? [] : [item] })
  const [value = ''] = test.value.items
  const field = { ...props, error, label, examples: examplesOf(attributes, test), placeholder: example }
  switch (kind) {
    case 'none':
      return null
    case 'scalar':
      return (
        <Group gap={6} wrap="nowrap" align="flex-start">
          <TypeSelect {...props} of={['text', 'number', 'boolean']} />
          <OneValue {...field} />
        </Group>
      )
    case 'scalars':
      return (
        <Group gap={6} wrap="nowrap" align="flex-start">
          <TypeSelect {...props} of={['text', 'number']} />
          <SeveralValues {...field} />
        </Group>
      )
    case 'texts':
      return <SeveralValues {...field} />
    case 'number':
      return (
        <NumberInput
          aria-label={label}
          placeholder={example}
          value={value}
          error={error}
          onChange={item => set(String(item))}
        />
      )
    case 'instant':
      return <InstantField aria-label={label} placeholder={example} value={value} error={error} onChange={set} />
    case 'duration':
      return <DurationField label={label} value={value} error={error} onChange={set} />
    case 'version':
      return (
        <TextInput
          aria-label={label}
          placeholder={example}
          value={value}
          error={error}
          onChange={event => set(event.currentTarget.value)}
        />
      )
  }
}
