import type { EnvironmentView } from '@dimmer/protocol'
import { NativeSelect, SegmentedControl } from '@mantine/core'

const SIDE_BY_SIDE = 3

interface Props {
  readonly environments: readonly EnvironmentView[]
  readonly value: string
  readonly onChange: (environment: string) => void
}

/** Which environment the page is about: always in sight, so that nobody changes the wrong one. */
export function EnvironmentSelect({ environments, value, onChange }: Props) {
  const data = environments.map(({ key, name }) => ({ value: key, label: name }))
  if (data.length > SIDE_BY_SIDE) {
    return (
      <NativeSelect
        aria-label="Environment"
        size="sm"
        data={data}
        value={value}
        onChange={event => onChange(event.currentTarget.value)}
      />
    )
  }
  return <SegmentedControl aria-label="Environment" size="sm" data={data} value={value} onChange={onChange} />
}
