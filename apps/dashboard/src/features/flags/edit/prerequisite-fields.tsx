import type { FlagView } from '@dimmer/protocol'
import { ActionIcon, Button, Group, MultiSelect, NativeSelect, Stack } from '@mantine/core'
import { IconPlus, IconTrash } from '../../../shared/ui/icons.ts'
import classes from './edit.module.css'
import { useEditing } from './editing.tsx'
import { newKey } from './model/condition-form.ts'
import { type PrerequisiteForm, replaced, without } from './model/config-form.ts'
import { problemsUnder } from './model/config-problems.ts'

interface Props {
  readonly list: readonly PrerequisiteForm[]
  /** The other flags of the project. */
  readonly flags: readonly FlagView[]
  readonly onChange: (list: readonly PrerequisiteForm[]) => void
}

interface OneProps {
  readonly one: PrerequisiteForm
  readonly number: number
  readonly flags: readonly FlagView[]
  readonly onChange: (one: PrerequisiteForm) => void
  readonly onRemove: () => void
}

function One({ one, number, flags, onChange, onRemove }: OneProps) {
  const { problems } = useEditing()
  const path = `prerequisites[${number - 1}]`
  const variants = Object.keys(flags.find(({ key }) => key === one.flag)?.variants ?? {})
  const [wrong] = problemsUnder(problems, `${path}.variants`)
  const wrongFlag = problems.find(problem => problem.path === `${path}.flag` || problem.path === path)
  return (
    <Group gap={6} align="flex-start" wrap="nowrap">
      <Group gap={6} align="flex-start" flex={1} miw={0}>
        <NativeSelect
          aria-label={`Flag of prerequisite ${number}`}
          flex="1 1 160px"
          data={[
            ...(one.flag === '' ? [{ value: '', label: 'Choose a flag' }] : []),
            ...flags.map(({ key, name }) => ({ value: key, label: name === key ? key : `${name} (${key})` })),
          ]}
          value={one.flag}
          error={wrongFlag?.message}
          onChange={event => onChange({ ...one, flag: event.currentTarget.value, variants: [] })}
        />
        <MultiSelect
          aria-label={`Variants of prerequisite ${number}`}
          flex="1 1 160px"
          placeholder={one.variants.length === 0 ? 'serves any of ...' : ''}
          data={[...new Set([...variants, ...one.variants])]}
          value={[...one.variants]}
          error={wrong?.message}
          onChange={chosen => onChange({ ...one, variants: chosen })}
        />
      </Group>
      <ActionIcon variant="subtle" color="gray" mt={4} aria-label={`Remove prerequisite ${number}`} onClick={onRemove}>
        <IconTrash size={16} />
      </ActionIcon>
    </Group>
  )
}

/** Other flags that must be on and serve one of the named variants. */
export function PrerequisiteFields({ list, flags, onChange }: Props) {
  return (
    <fieldset className={classes.fields}>
      <legend className={classes.legend}>Prerequisites: other flags that must serve</legend>
      <Stack gap={8}>
        {list.map((one, index) => (
          <One
            key={one.key}
            one={one}
            number={index + 1}
            flags={flags}
            onChange={next => onChange(replaced(list, next))}
            onRemove={() => onChange(without(list, one.key))}
          />
        ))}
        <div>
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={<IconPlus size={12} />}
            onClick={() => onChange([...list, { key: newKey(), flag: '', variants: [] }])}
          >
            Prerequisite
          </Button>
        </div>
      </Stack>
    </fieldset>
  )
}
