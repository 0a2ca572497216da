import type { MetricView } from '@dimmer/protocol'
import { Group, MultiSelect, NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../shared/api.tsx'
import { attributesQuery } from '../../shared/targeting-queries.ts'
import { useWhyNot } from '../access/index.ts'

/** What a page reads a split by. */
export interface ReadingBy {
  /** Keys of metrics. */
  readonly metrics: readonly string[]
  /** Attribute of the directory. */
  readonly by: string | undefined
}

interface Props extends ReadingBy {
  readonly project: string
  readonly library: readonly MetricView[]
  readonly onChange: (change: Partial<ReadingBy>) => void
}

export const MOST_METRICS = 10

/** Which metrics, and by which attribute as well. */
export function ReadingChoice({ project, library, metrics, by, onChange }: Props) {
  const whyNot = useWhyNot('directory:read', { project })
  const attributes = useQuery({ ...attributesQuery(useApi(), project), enabled: whyNot === undefined }).data ?? []
  const names = [...new Set([...attributes.map(({ path }) => path), ...(by === undefined ? [] : [by])])]
  return (
    <Group gap="sm" align="flex-end">
      <MultiSelect
        label="Metrics"
        flex="1 1 320px"
        maxValues={MOST_METRICS}
        data={library.map(({ definition: { key, name } }) => ({ value: key, label: name }))}
        value={[...metrics]}
        onChange={chosen => onChange({ metrics: chosen })}
      />
      <NativeSelect
        label="By attribute as well"
        flex="0 1 220px"
        disabled={whyNot !== undefined}
        title={whyNot}
        data={[{ value: '', label: 'none' }, ...names]}
        value={by ?? ''}
        onChange={({ currentTarget: { value } }) => onChange({ by: value === '' ? undefined : value })}
      />
    </Group>
  )
}
