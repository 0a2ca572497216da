import { Group, NativeSelect, NumberInput, Switch } from '@mantine/core'
import { plural } from '../../../shared/format/number.ts'
import { useEditing, useProblem } from './editing.tsx'
import type { ShareForm } from './model/rule-form.ts'

interface Props {
  readonly share: ShareForm | undefined
  readonly path: string
  readonly onChange: (share: ShareForm | undefined) => void
}

/** The options of a select for units; one that is no longer there stays visible. */
export const unitOptions = (units: readonly string[], chosen: string) =>
  [...new Set([...units, chosen])].map(value => ({ value, label: plural(value) }))

/** How many of those for whom the condition holds. */
export function ShareFields({ share, path, onChange }: Props) {
  const { units } = useEditing()
  const wrongUnit = useProblem(`${path}.unit`)
  const wrongPercent = useProblem(`${path}.percent`, path)
  return (
    <Group gap="sm" align="flex-start">
      <Switch
        mt={8}
        label="Only a share of them"
        checked={share !== undefined}
        onChange={event =>
          onChange(event.currentTarget.checked ? { unit: 'account', percent: 5, hash: undefined } : undefined)
        }
      />
      {share !== undefined && (
        <Group gap={6} wrap="nowrap" align="flex-start">
          <NumberInput
            aria-label="Percent"
            w={110}
            min={0}
            max={100}
            decimalScale={3}
            suffix=" %"
            value={share.percent ?? ''}
            error={wrongPercent}
            onChange={value => onChange({ ...share, percent: typeof value === 'number' ? value : undefined })}
          />
          <NativeSelect
            aria-label="Of what"
            leftSection="of"
            data={unitOptions(units, share.unit)}
            value={share.unit}
            error={wrongUnit}
            onChange={event => onChange({ ...share, unit: event.currentTarget.value })}
          />
        </Group>
      )}
    </Group>
  )
}
