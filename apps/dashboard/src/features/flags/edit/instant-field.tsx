import { TextInput, type TextInputProps } from '@mantine/core'
import { isLocalTime, toInstant, toLocalTime } from './model/local-time.ts'

interface Props extends Omit<TextInputProps, 'value' | 'onChange'> {
  /** RFC 3339, or empty; other ways to write a moment are shown as they are. */
  readonly value: string
  readonly onChange: (value: string) => void
}

const zone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone

/** A moment, typed in the reader's own time. */
export function InstantField({ value, onChange, ...rest }: Props) {
  if (!isLocalTime(value)) {
    return <TextInput {...rest} value={value} onChange={event => onChange(event.currentTarget.value)} />
  }
  return (
    <TextInput
      description={`In your time, ${zone()}`}
      {...rest}
      type="datetime-local"
      value={toLocalTime(value)}
      onChange={event => onChange(toInstant(event.currentTarget.value))}
    />
  )
}
