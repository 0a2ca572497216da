import { Button, Group, NativeSelect } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../../shared/api.tsx'
import { attributesQuery } from '../../../shared/targeting-queries.ts'
import type { ForecastChoice } from '../flag-queries.ts'

interface Props {
  readonly project: string
  readonly choice: ForecastChoice
  readonly onChange: (choice: ForecastChoice) => void
}

function Fields({ project, choice, onChange }: Props) {
  const { data: attributes = [] } = useQuery(attributesQuery(useApi(), project))
  const paths = (list: typeof attributes) => [...new Set(list.map(({ path }) => path))]
  const numbers = attributes.filter(({ unit, types }) => unit === 'account' && types.includes('number'))
  const chosen = (key: keyof ForecastChoice, value: string) => {
    const { [key]: _, ...rest } = choice
    onChange(value === '' ? rest : { ...rest, [key]: value })
  }
  const options = (usual: string, of: readonly string[]) => [
    { value: '', label: usual },
    ...of.map(value => ({ value, label: `by ${value}` })),
  ]
  return (
    <Group gap={6}>
      <NativeSelect
        size="xs"
        aria-label="Break down by"
        data={options('broken down as usual', paths(attributes))}
        value={choice.by ?? ''}
        onChange={event => chosen('by', event.currentTarget.value)}
      />
      <NativeSelect
        size="xs"
        aria-label="Biggest accounts by"
        data={options('biggest as usual', paths(numbers))}
        value={choice.biggestBy ?? ''}
        onChange={event => chosen('biggestBy', event.currentTarget.value)}
      />
    </Group>
  )
}

/** Lets a person choose by what a forecast tells people apart, once they ask for it. */
export function ForecastChoiceFields(props: Props) {
  const [asked, { open }] = useDisclosure(false)
  if (asked) return <Fields {...props} />
  return (
    <Button size="compact-xs" variant="subtle" onClick={open}>
      Break down by ...
    </Button>
  )
}
