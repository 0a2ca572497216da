import { Group, NativeSelect, NumberInput, TextInput } from '@mantine/core'
import { durationWords } from '../format/duration-words.ts'
import { DURATION_PARTS, type DurationPart, fromTypedDuration, toTypedDuration } from '../format/typed-duration.ts'

interface Props {
  /** ISO 8601. */
  readonly value: string
  readonly label: string
  readonly error: string | undefined
  readonly onChange: (value: string) => void
}

const isPart = (value: string): value is DurationPart => DURATION_PARTS.some(part => part === value)

/** A time span: a number of days, months ...; ISO 8601 where it has several parts. */
export function DurationField({ value, label, error, onChange }: Props) {
  const typed = toTypedDuration(value)
  if (typed === undefined) {
    return (
      <TextInput
        aria-label={label}
        description={durationWords(value)}
        value={value}
        error={error}
        onChange={event => onChange(event.currentTarget.value)}
      />
    )
  }
  return (
    <Group gap={6} wrap="nowrap" align="flex-start">
      <NumberInput
        aria-label={label}
        w={90}
        min={0}
        allowDecimal={false}
        value={typed.amount ?? ''}
        error={error}
        onChange={amount =>
          onChange(fromTypedDuration({ ...typed, amount: typeof amount === 'number' ? amount : undefined }))
        }
      />
      <NativeSelect
        aria-label={`${label}, in`}
        flex={1}
        data={[...DURATION_PARTS]}
        value={typed.part}
        onChange={event => {
          const part = event.currentTarget.value
          if (isPart(part)) onChange(fromTypedDuration({ ...typed, part }))
        }}
      />
    </Group>
  )
}
