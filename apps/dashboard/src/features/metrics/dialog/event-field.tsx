import { Autocomplete } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../../shared/api.tsx'
import { eventNamesQuery } from '../../../shared/metric-queries.ts'
import { useScope } from '../../projects/index.ts'

interface Props {
  readonly label: string
  readonly description?: string
  readonly value: string
  readonly error?: string | undefined
  readonly onChange: (event: string) => void
}

/** The name of an event, with those that arrive here to choose from. */
export function EventField({ label, description, value, error, onChange }: Props) {
  const { project, environment } = useScope()
  const names = useQuery(eventNamesQuery(useApi(), project.key, environment.key)).data
  const unknown = names !== undefined && value.trim() !== '' && !names.includes(value.trim())
  return (
    <Autocomplete
      label={label}
      description={
        unknown
          ? `Has never arrived in ${environment.key}. That is fine if your code is about to send it.`
          : description
      }
      placeholder="pdf.generated"
      required
      data={[...(names ?? [])]}
      limit={50}
      value={value}
      error={error}
      onChange={onChange}
    />
  )
}
