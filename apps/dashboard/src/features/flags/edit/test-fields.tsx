import { Autocomplete, Checkbox, Group, NativeSelect, Text } from '@mantine/core'
import classes from './edit.module.css'
import { useEditing, useProblem } from './editing.tsx'
import type { TestForm } from './model/condition-form.ts'
import { isOperator, OPERATOR_OPTIONS, operatorExtras } from './model/operator-choices.ts'
import { fitValue } from './model/value-form.ts'
import { ValueField } from './value-field.tsx'

interface Props {
  readonly test: TestForm
  readonly path: string
  readonly onChange: (test: TestForm) => void
}

type Quantifier = TestForm['elements']

const quantifier = (value: string): Quantifier => (value === 'any' || value === 'all' ? value : undefined)

function Extras({ test, path, onChange }: Props) {
  const { attributes } = useEditing()
  const extras = operatorExtras(test.op)
  const isList = attributes.some(one => one.path === test.attribute && one.list)
  const negative = test.op === 'notEquals' || test.op === 'notIn'
  // Of one text, `in` each of several is never true: only a list has room for it.
  const sensible = isList || (test.op !== 'in' && test.op !== 'notIn')
  const several = extras.values && sensible && test.value.list && test.value.items.length > 1
  const error = useProblem(`${path}.ignoreCase`, `${path}.elements`, `${path}.values`)
  const showElements = extras.elements && (isList || test.elements !== undefined)
  const showValues = several || test.values !== undefined
  if (!extras.ignoreCase && !showElements && !showValues && error === undefined) return null
  return (
    <Group gap="md" className={classes.extras}>
      {extras.ignoreCase && test.value.type === 'text' && (
        <Checkbox
          size="xs"
          label="Capitals don't matter"
          checked={test.ignoreCase}
          onChange={event => onChange({ ...test, ignoreCase: event.currentTarget.checked })}
        />
      )}
      {showValues && (
        <NativeSelect
          size="xs"
          aria-label="How many of the values"
          data={[
            { value: '', label: 'one of the values is enough' },
            { value: 'all', label: 'each of the values is needed' },
            ...(test.values === 'any' ? [{ value: 'any', label: 'any of the values' }] : []),
          ]}
          value={test.values ?? ''}
          onChange={event => onChange({ ...test, values: quantifier(event.currentTarget.value) })}
        />
      )}
      {showElements && (
        <NativeSelect
          size="xs"
          aria-label="How many elements of the list"
          data={[
            { value: '', label: negative ? 'each element must pass' : 'one element is enough' },
            { value: 'all', label: 'every element' },
            { value: 'any', label: 'any element' },
          ]}
          value={test.elements ?? ''}
          onChange={event => onChange({ ...test, elements: quantifier(event.currentTarget.value) })}
        />
      )}
      {error !== undefined && (
        <Text size="xs" c="red">
          {error}
        </Text>
      )}
    </Group>
  )
}

/** One test: attribute, operator, value. */
export function TestFields({ test, path, onChange }: Props) {
  const { attributes } = useEditing()
  const wrong = useProblem(path)
  const wrongAttribute = useProblem(`${path}.attribute`)
  const wrongOperator = useProblem(`${path}.op`)
  const error = wrongAttribute ?? (test.attribute === '' && wrong !== undefined ? 'Say which attribute' : wrong)
  return (
    <div className={classes.test}>
      <Autocomplete
        aria-label="Attribute"
        placeholder="plan, address.country ..."
        data={[...new Set(attributes.map(one => one.path))]}
        value={test.attribute}
        error={error}
        onChange={attribute => onChange({ ...test, attribute })}
      />
      <NativeSelect
        aria-label="Operator"
        data={OPERATOR_OPTIONS}
        value={test.op}
        error={wrongOperator}
        onChange={event => {
          const op = event.currentTarget.value
          if (!isOperator(op)) return
          const { ignoreCase, elements, values } = operatorExtras(op)
          onChange({
            ...test,
            op,
            value: fitValue(test.value, op),
            ignoreCase: ignoreCase && test.ignoreCase,
            elements: elements ? test.elements : undefined,
            values: values ? test.values : undefined,
          })
        }}
      />
      <ValueField test={test} path={path} onChange={value => onChange({ ...test, value })} />
      <Extras test={test} path={path} onChange={onChange} />
    </div>
  )
}
