import { ActionIcon, Button, Group, NativeSelect, NumberInput, SegmentedControl, Stack, Text } from '@mantine/core'
import { percent } from '../../../shared/format/percent.ts'
import { IconPlus, IconTrash } from '../../../shared/ui/icons.ts'
import classes from './edit.module.css'
import { useEditing, useProblem } from './editing.tsx'
import { newKey } from './model/condition-form.ts'
import { replaced, without } from './model/config-form.ts'
import type { ArmForm, ServeForm } from './model/rule-form.ts'
import { unitOptions } from './share-fields.tsx'

type SplitForm = Extract<ServeForm, { kind: 'split' }>

interface Props {
  /** What is served, e.g. "Rule 2 serves": names the fields. */
  readonly label: string
  readonly serve: ServeForm
  readonly path: string
  readonly onChange: (serve: ServeForm) => void
}

const evenSplit = (variants: readonly string[]): SplitForm => ({
  kind: 'split',
  unit: 'user',
  hash: undefined,
  arms: variants.map(variant => ({ key: newKey(), variant, weight: 50 })),
})

interface ArmProps {
  readonly arm: ArmForm
  readonly number: number
  readonly path: string
  /** Of all weights; 0 when there are none. */
  readonly part: number
  readonly onChange: (arm: ArmForm) => void
  readonly onRemove: (() => void) | undefined
}

function Arm({ arm, number, path, part, onChange, onRemove }: ArmProps) {
  const { variants } = useEditing()
  return (
    <li className={classes.arm}>
      <NativeSelect
        aria-label={`Variant of arm ${number}`}
        data={[...new Set([...variants, arm.variant])]}
        value={arm.variant}
        error={useProblem(`${path}.variant`)}
        onChange={event => onChange({ ...arm, variant: event.currentTarget.value })}
      />
      <NumberInput
        aria-label={`Weight of arm ${number}`}
        min={0}
        value={arm.weight ?? ''}
        error={useProblem(`${path}.weight`)}
        onChange={value => onChange({ ...arm, weight: typeof value === 'number' ? value : undefined })}
      />
      <Text size="sm" c="dimmed" ta="end">
        {percent(part)}
      </Text>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`Remove arm ${number}`}
        disabled={onRemove === undefined}
        onClick={onRemove}
      >
        <IconTrash size={16} />
      </ActionIcon>
    </li>
  )
}

function SplitFields({ serve, path, onChange }: Omit<Props, 'serve' | 'label'> & { readonly serve: SplitForm }) {
  const { units, variants } = useEditing()
  const wrong = useProblem(`${path}.split.arms`, `${path}.split`)
  const wrongUnit = useProblem(`${path}.split.unit`)
  const arms = (next: readonly ArmForm[]) => onChange({ ...serve, arms: next })
  const total = serve.arms.reduce((sum, { weight }) => sum + (weight ?? 0), 0)
  return (
    <Stack gap={8}>
      <ul className={classes.arms} aria-label="Arms: variant and weight">
        {serve.arms.map((arm, index) => (
          <Arm
            key={arm.key}
            arm={arm}
            number={index + 1}
            path={`${path}.split.arms[${index}]`}
            part={total === 0 ? 0 : (100 * (arm.weight ?? 0)) / total}
            onChange={next => arms(replaced(serve.arms, next))}
            onRemove={serve.arms.length < 2 ? undefined : () => arms(without(serve.arms, arm.key))}
          />
        ))}
      </ul>
      {wrong !== undefined && (
        <Text size="xs" c="red">
          {wrong}
        </Text>
      )}
      <Group gap="sm">
        <Button
          size="compact-xs"
          variant="subtle"
          leftSection={<IconPlus size={12} />}
          onClick={() => arms([...serve.arms, { key: newKey(), variant: variants[0] ?? '', weight: 0 }])}
        >
          Arm
        </Button>
        <NativeSelect
          aria-label="Split by"
          size="xs"
          leftSection="by"
          data={unitOptions(units, serve.unit)}
          value={serve.unit}
          error={wrongUnit}
          onChange={event => onChange({ ...serve, unit: event.currentTarget.value })}
        />
      </Group>
    </Stack>
  )
}

/** One variant, or a split of any number of weighted arms. */
export function ServeFields({ label, serve, path, onChange }: Props) {
  const { variants } = useEditing()
  const wrong = useProblem(`${path}.variant`, path)
  const first = serve.kind === 'variant' ? serve.variant : (serve.arms[0]?.variant ?? variants[0] ?? '')
  return (
    <Stack gap={8}>
      <Group gap="sm" align="flex-start">
        <SegmentedControl
          size="xs"
          aria-label={label}
          data={[
            { value: 'variant', label: 'One variant' },
            { value: 'split', label: 'A split' },
          ]}
          value={serve.kind}
          onChange={kind => {
            if (kind === serve.kind) return
            onChange(kind === 'split' ? evenSplit(variants) : { kind: 'variant', variant: first })
          }}
        />
        {serve.kind === 'variant' && (
          <NativeSelect
            aria-label={`${label} variant`}
            size="xs"
            data={[...new Set([...variants, serve.variant])]}
            value={serve.variant}
            error={wrong}
            onChange={event => onChange({ kind: 'variant', variant: event.currentTarget.value })}
          />
        )}
      </Group>
      {serve.kind === 'split' && <SplitFields serve={serve} path={path} onChange={onChange} />}
    </Stack>
  )
}
