import { stageTemplates } from '@dimmer/rollout'
import { ActionIcon, Button, Group, NativeSelect, NumberInput, Stack, Text, TextInput } from '@mantine/core'
import type { DurationUnit } from '../../../shared/format/duration.ts'
import { IconPlus, IconTrash } from '../../../shared/ui/icons.ts'
import { nextStage, type StageForm, stagesOf, templateOf } from '../model/plan-form.ts'
import classes from './start-dialog.module.css'

const UNITS: readonly DurationUnit[] = ['seconds', 'minutes', 'hours', 'days']

interface StageProps {
  readonly stage: StageForm
  readonly number: number
  readonly problem: string | undefined
  readonly onChange: (change: Partial<StageForm>) => void
  /** Absent for the only stage. */
  readonly onRemove: (() => void) | undefined
}

const asNumber = (value: number | string): number => (typeof value === 'number' ? value : 0)

function StageRow({ stage, number, problem, onChange, onRemove }: StageProps) {
  const { name, percent, hold } = stage
  return (
    <li className={classes.stage}>
      <NumberInput
        aria-label={`Percent of stage ${number}`}
        value={percent}
        error={problem !== undefined}
        onChange={value => onChange({ percent: asNumber(value) })}
        min={0}
        max={100}
        decimalScale={3}
        suffix=" %"
      />
      <TextInput
        aria-label={`Name of stage ${number}`}
        placeholder={`Stage ${number}`}
        value={name}
        onChange={event => onChange({ name: event.currentTarget.value })}
      />
      <Group gap={4} wrap="nowrap" className={classes.hold}>
        <NumberInput
          aria-label={`Hold of stage ${number}`}
          value={hold.amount}
          onChange={value => onChange({ hold: { ...hold, amount: asNumber(value) } })}
          min={0}
          allowDecimal={false}
          hideControls
          w={64}
        />
        <NativeSelect
          aria-label={`Unit of the hold of stage ${number}`}
          flex={1}
          data={[...UNITS]}
          value={hold.unit}
          onChange={event => {
            const unit = UNITS.find(one => one === event.currentTarget.value)
            if (unit !== undefined) onChange({ hold: { ...hold, unit } })
          }}
        />
      </Group>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`Remove stage ${number}`}
        disabled={onRemove === undefined}
        onClick={onRemove}
      >
        <IconTrash size={16} />
      </ActionIcon>
      {problem !== undefined && (
        <Text size="xs" c="red" role="alert" className={classes.problem}>
          {problem}
        </Text>
      )}
    </li>
  )
}

interface TemplateProps {
  readonly stages: readonly StageForm[]
  readonly onPick: (stages: readonly StageForm[]) => void
}

const OWN = 'own'

/** Which stages to begin with. Whatever is changed afterwards is the plan's own. */
function TemplateField({ stages, onPick }: TemplateProps) {
  const picked = templateOf(stages)
  const options = stageTemplates.map(({ key, name, stages: all }) => ({
    value: key,
    label: `${name}: ${all.map(({ percent }) => percent).join(', ')} %`,
  }))
  return (
    <NativeSelect
      label="Stages"
      description={picked?.what ?? 'As you have set them below.'}
      data={picked === undefined ? [{ value: OWN, label: 'Your own' }, ...options] : options}
      value={picked?.key ?? OWN}
      onChange={({ currentTarget: { value } }) => {
        const template = stageTemplates.find(({ key }) => key === value)
        if (template !== undefined) onPick(stagesOf(template))
      }}
    />
  )
}

interface Props {
  readonly stages: readonly StageForm[]
  /** What is wrong, by place in the plan. */
  readonly problems: ReadonlyMap<string, string>
  readonly onChange: (stages: readonly StageForm[]) => void
}

/** The stages: a template to begin with, then share, name, and the least time in each. */
export function StageFields({ stages, problems, onChange }: Props) {
  const change = (index: number) => (part: Partial<StageForm>) =>
    onChange(stages.map((stage, at) => (at === index ? { ...stage, ...part } : stage)))
  return (
    <Stack gap={6}>
      <TemplateField stages={stages} onPick={onChange} />
      <Text size="xs" c="dimmed">
        Share, name, and the least time in each stage
      </Text>
      <ol className={classes.stages} aria-label="Stages of this plan">
        {stages.map((stage, index) => (
          <StageRow
            // biome-ignore lint/suspicious/noArrayIndexKey: a stage is its place
            key={index}
            stage={stage}
            number={index + 1}
            problem={problems.get(`stages[${index}]`)}
            onChange={change(index)}
            onRemove={stages.length < 2 ? undefined : () => onChange(stages.filter((_, at) => at !== index))}
          />
        ))}
      </ol>
      <div>
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconPlus size={14} />}
          onClick={() => onChange([...stages, nextStage(stages)])}
        >
          Add a stage
        </Button>
      </div>
    </Stack>
  )
}
