import type { MetricView } from '@dimmer/protocol'
import { catalogueEntry, type MetricDefinition, type RolloutPlan } from '@dimmer/rollout'
import { ActionIcon, NativeSelect, NumberInput, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { plural } from '../../../shared/format/number.ts'
import { IconTrash } from '../../../shared/ui/icons.ts'
import { metricSentence } from '../../metrics/index.ts'
import { type GoalForm, type GuardrailForm, newGoal, newGuardrail, typedMeasure } from '../model/judged-form.ts'
import type { PlanForm } from '../model/plan-form.ts'
import { EvidenceLine } from './evidence-line.tsx'
import classes from './start-dialog.module.css'

interface Props {
  readonly project: string
  readonly form: Pick<PlanForm, 'guardrails' | 'goals' | 'stages' | 'unit'>
  readonly library: readonly MetricView[]
  /** Complete, for what the evidence takes. */
  readonly plan: RolloutPlan
  /** What is wrong, by place in the plan. */
  readonly problems: ReadonlyMap<string, string>
  readonly onChange: (change: Partial<Pick<PlanForm, 'guardrails' | 'goals'>>) => void
}

const numberOrNone = (value: number | string): number | undefined => (typeof value === 'number' ? value : undefined)

interface CardProps {
  readonly metric: MetricView
  readonly unit: string
  readonly problem: string | undefined
  readonly onRemove: () => void
  readonly children: ReactNode
}

/** A metric that was chosen: what it measures, whether it arrives, and what is asked about it. */
function Card({ metric: { definition, health }, unit, problem, onRemove, children }: CardProps) {
  const missing = health !== undefined && health.state !== 'arriving' && health.state !== 'outside'
  return (
    <li className={classes.card}>
      <div className={classes.cardHead}>
        <div>
          <Text size="sm" fw={600}>
            {definition.name}
          </Text>
          <Text size="xs" c="dimmed">
            {metricSentence({ ...definition, unit })}
          </Text>
        </div>
        <ActionIcon variant="subtle" color="gray" aria-label={`Remove ${definition.name}`} onClick={onRemove}>
          <IconTrash size={16} />
        </ActionIcon>
      </div>
      {missing && (
        <Text size="xs" c="var(--mantine-color-yellow-light-color)">
          {health.sentence}
        </Text>
      )}
      <div className={classes.limits}>{children}</div>
      {problem !== undefined && (
        <Text size="xs" c="red" role="alert">
          {problem}
        </Text>
      )}
    </li>
  )
}

interface LimitProps {
  readonly definition: MetricDefinition
  readonly value: GuardrailForm
  readonly unit: string
  readonly onChange: (change: Partial<GuardrailForm>) => void
}

const BREACH = [
  { value: 'roll-back', label: 'roll back' },
  { value: 'pause', label: 'pause' },
  { value: 'warn', label: 'only say so' },
]
const WEIGHTS = [
  { value: '0.5', label: 'half a part' },
  { value: '1', label: 'one part' },
  { value: '2', label: 'two parts' },
]

function LimitFields({ definition, value, unit, onChange }: LimitProps) {
  const { limits } = catalogueEntry(definition.kind)
  const bound = definition.worse === 'higher' ? 'At most' : 'At least'
  const { suffix, step } = typedMeasure(definition)
  return (
    <>
      {limits.includes('ratio') && (
        <NumberInput
          label={`${bound}, times the others’`}
          step={0.1}
          min={0}
          value={value.ratio ?? ''}
          onChange={typed => onChange({ ratio: numberOrNone(typed) })}
        />
      )}
      {limits.includes('value') && (
        <NumberInput
          label={limits.includes('ratio') ? `${bound}, by itself` : bound}
          placeholder="no limit"
          suffix={suffix}
          step={step}
          value={value.value ?? ''}
          onChange={typed => onChange({ value: numberOrNone(typed) })}
        />
      )}
      {limits.includes('total') && (
        <NumberInput
          label={`Fewer than, of all ${plural(unit)}`}
          placeholder="no limit"
          min={1}
          allowDecimal={false}
          value={value.total ?? ''}
          onChange={typed => onChange({ total: numberOrNone(typed) })}
        />
      )}
      <NativeSelect
        label="If it breaks"
        data={BREACH}
        value={value.onBreach}
        onChange={({ currentTarget }) => {
          const found = (['roll-back', 'pause', 'warn'] as const).find(one => one === currentTarget.value)
          if (found !== undefined) onChange({ onBreach: found })
        }}
      />
      <NativeSelect
        label="Of the false-alarm risk"
        data={WEIGHTS}
        value={String(value.weight)}
        onChange={({ currentTarget }) => onChange({ weight: Number(currentTarget.value) })}
      />
    </>
  )
}

interface GoalProps {
  readonly definition: MetricDefinition
  readonly value: GoalForm
  readonly stages: number
  readonly onChange: (change: Partial<GoalForm>) => void
}

const OTHERWISE = [
  { value: 'hold', label: 'wait for it' },
  { value: 'pause', label: 'pause' },
  { value: 'warn', label: 'go on, and say so' },
]

function GoalFields({ definition, value, stages, onChange }: GoalProps) {
  const { suffix, step } = typedMeasure(definition)
  return (
    <>
      <NumberInput
        label={definition.worse === 'lower' ? 'Reach at least' : 'Be at most'}
        suffix={suffix}
        step={step}
        value={value.target ?? ''}
        onChange={typed => onChange({ target: numberOrNone(typed) })}
      />
      <NativeSelect
        label="Before leaving"
        data={Array.from({ length: stages }, (_, stage) => ({
          value: String(stage),
          label: stage === 0 ? 'any stage' : `stage ${stage + 1} and later`,
        }))}
        value={String(value.fromStage)}
        onChange={({ currentTarget }) => onChange({ fromStage: Number(currentTarget.value) })}
      />
      <NativeSelect
        label="If it isn’t reached"
        data={OTHERWISE}
        value={value.otherwise}
        onChange={({ currentTarget }) => {
          const found = (['hold', 'pause', 'warn'] as const).find(one => one === currentTarget.value)
          if (found !== undefined) onChange({ otherwise: found })
        }}
      />
    </>
  )
}

interface AddProps {
  readonly label: string
  readonly metrics: readonly MetricView[]
  readonly onAdd: (metric: MetricDefinition) => void
}

/** Chooses one more metric. Nothing to choose: not there. */
function AddMetric({ label, metrics, onAdd }: AddProps) {
  if (metrics.length === 0) return null
  return (
    <NativeSelect
      aria-label={label}
      value=""
      data={[
        { value: '', label: `${label} …` },
        ...metrics.map(({ definition: { key, name } }) => ({ value: key, label: name })),
      ]}
      onChange={({ currentTarget }) => {
        const found = metrics.find(({ definition }) => definition.key === currentTarget.value)
        if (found) onAdd(found.definition)
      }}
    />
  )
}

/** Which metrics fit the unit of the rollout, and aren't chosen yet. */
const choosable = (library: readonly MetricView[], unit: string, chosen: readonly { readonly metric: string }[]) =>
  library.filter(
    ({ definition }) =>
      (definition.unit === undefined || definition.unit === unit) &&
      !chosen.some(({ metric }) => metric === definition.key),
  )

const metricAt = (library: readonly MetricView[], key: string) => library.find(one => one.definition.key === key)

/** Metrics of the library as guardrails. */
export function LibraryGuardrails({ project, form, library, plan, problems, onChange }: Props) {
  const { guardrails, unit } = form
  const set = (next: readonly GuardrailForm[]) => onChange({ guardrails: next })
  const before = plan.guardrails.length - guardrails.length
  return (
    <Stack gap="xs">
      <ul className={classes.cards}>
        {guardrails.map((one, index) => {
          const metric = metricAt(library, one.metric)
          const guardrail = plan.guardrails[before + index]
          if (metric === undefined || guardrail === undefined) return null
          return (
            <Card
              key={one.metric}
              metric={metric}
              unit={unit}
              problem={problems.get(`guardrails[${before + index}]`)}
              onRemove={() => set(guardrails.filter((_, at) => at !== index))}
            >
              <LimitFields
                definition={metric.definition}
                value={one}
                unit={unit}
                onChange={change =>
                  set(guardrails.map((other, at) => (at === index ? { ...other, ...change } : other)))
                }
              />
              {metric.health?.state !== 'never' && <EvidenceLine project={project} plan={plan} guardrail={guardrail} />}
            </Card>
          )
        })}
      </ul>
      <AddMetric
        label="Add a guardrail from the library"
        metrics={choosable(library, unit, guardrails)}
        onAdd={metric => set([...guardrails, newGuardrail(metric, catalogueEntry(metric.kind).limits)])}
      />
    </Stack>
  )
}

/** Metrics of the library as goals. */
export function LibraryGoals({ form, library, problems, onChange }: Omit<Props, 'project' | 'plan'>) {
  const { goals, unit, stages } = form
  const set = (next: readonly GoalForm[]) => onChange({ goals: next })
  const possible = choosable(library, unit, goals).filter(({ definition: { kind } }) =>
    catalogueEntry(kind).limits.includes('value'),
  )
  if (goals.length === 0 && possible.length === 0) return null
  return (
    <Stack gap="xs" component="fieldset" className={classes.fields}>
      <Text component="legend" size="sm" fw={600} mb={6}>
        Goals: what must be reached before it goes further
      </Text>
      <ul className={classes.cards}>
        {goals.map((one, index) => {
          const metric = metricAt(library, one.metric)
          return (
            metric && (
              <Card
                key={one.metric}
                metric={metric}
                unit={unit}
                problem={problems.get(`goals[${index}]`)}
                onRemove={() => set(goals.filter((_, at) => at !== index))}
              >
                <GoalFields
                  definition={metric.definition}
                  value={one}
                  stages={stages.length}
                  onChange={change => set(goals.map((other, at) => (at === index ? { ...other, ...change } : other)))}
                />
              </Card>
            )
          )
        })}
      </ul>
      <AddMetric
        label="Add a goal from the library"
        metrics={possible}
        onAdd={metric => set([...goals, newGoal(metric)])}
      />
    </Stack>
  )
}
