import { NativeSelect } from '@mantine/core'
import { dateTime } from '../../../shared/format/relative-time.ts'
import type { ForecastChoice } from '../flag-queries.ts'

interface Props {
  /** When rules begin or end. */
  readonly times: readonly string[]
  readonly choice: ForecastChoice
  readonly onChange: (choice: ForecastChoice) => void
}

/** For which time a forecast is, where rules have dates; nothing where none has. */
export function ForecastTimeField({ times, choice, onChange }: Props) {
  if (times.length === 0) return null
  const { at: _, ...rest } = choice
  return (
    <NativeSelect
      size="xs"
      aria-label="Forecast for"
      data={[
        { value: '', label: 'as of now' },
        ...times.map(value => ({ value, label: `as of ${dateTime(Date.parse(value))}` })),
      ]}
      value={choice.at ?? ''}
      onChange={event => onChange(event.currentTarget.value === '' ? rest : { ...rest, at: event.currentTarget.value })}
    />
  )
}
