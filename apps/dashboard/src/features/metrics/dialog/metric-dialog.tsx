import type { MetricDetails, MetricView } from '@dimmer/protocol'
import { catalogueEntry, type MetricKind, metricCatalogue } from '@dimmer/rollout'
import { Button, Group, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../../shared/api.tsx'
import { queryKeys } from '../../../shared/query-keys.ts'
import { ErrorAlert } from '../../../shared/ui/error-alert.tsx'
import { NameAndKeyFields } from '../../../shared/ui/name-and-key.tsx'
import { useUnits } from '../../projects/index.ts'
import classes from '../metrics.module.css'
import { usesWords } from '../model/health-words.ts'
import {
  type FormProblems,
  formOf,
  formProblems,
  type MetricForm,
  metricOfForm,
  newMetricForm,
  settingsOf,
  withKind,
} from '../model/metric-form.ts'
import { metricSentence } from '../model/metric-words.ts'
import { KindFields } from './kind-fields.tsx'

interface Props {
  readonly project: string
  /** The metric that is changed; absent: a new one is made. */
  readonly metric?: MetricView
  readonly onClose: () => void
  readonly onSaved: (metric: MetricDetails) => void
}

const KINDS = metricCatalogue.map(({ kind, name }) => ({ value: kind, label: name }))
const isKind = (value: string): value is MetricKind => metricCatalogue.some(({ kind }) => kind === value)

/** What a new version means for those that are judged by the present one. */
function versionWords({ definition: { version }, usedBy }: MetricView): string {
  const next = `Saving makes version ${version + 1}.`
  return usedBy.length === 0 ? next : `${next} ${usesWords(usedBy)}: those keep the version they were made with.`
}

function useSave({ project, metric, onSaved }: Props, form: MetricForm) {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () =>
      api.putMetric(project, form.key.trim(), { ...settingsOf(form), ifVersion: metric?.definition.version ?? 0 }),
    onSuccess: saved => {
      void queries.invalidateQueries({ queryKey: queryKeys.metrics(project) })
      onSaved(saved)
    },
  })
}

interface DirectionProps {
  readonly form: MetricForm
  readonly onChange: (change: Partial<MetricForm>) => void
}

/** Which way is bad, and for which unit it makes sense. */
function MeaningFields({ form, onChange }: DirectionProps) {
  const units = useUnits()
  return (
    <div className={classes.pair}>
      <NativeSelect
        label="What is worse"
        data={[
          { value: 'higher', label: 'more of it' },
          { value: 'lower', label: 'less of it' },
        ]}
        value={form.worse}
        onChange={({ currentTarget: { value } }) => onChange({ worse: value === 'higher' ? 'higher' : 'lower' })}
      />
      <NativeSelect
        label="For which unit"
        data={[
          { value: '', label: 'whatever the rollout counts' },
          ...units.map(unit => ({ value: unit, label: unit })),
        ]}
        value={form.unit}
        onChange={({ currentTarget: { value } }) => onChange({ unit: value })}
      />
    </div>
  )
}

function NameFields({
  form,
  problems,
  onChange,
  made,
}: DirectionProps & { readonly problems: FormProblems; readonly made: boolean }) {
  if (!made) {
    return (
      <NameAndKeyFields
        value={form}
        onChange={onChange}
        namePlaceholder="PDF adoption"
        keyHint="Plans name it by this, so it can't be changed later."
      />
    )
  }
  return (
    <TextInput
      label="Name"
      required
      data-autofocus
      value={form.name}
      error={problems.name}
      onChange={({ currentTarget: { value } }) => onChange({ name: value })}
    />
  )
}

function MetricFields(props: Props) {
  const { metric, onClose } = props
  const [form, setForm] = useState(() => (metric ? formOf(metric.definition) : newMetricForm('adoption')))
  const [tried, setTried] = useState(false)
  const save = useSave(props, form)
  const change = (part: Partial<MetricForm>) => setForm({ ...form, ...part })
  const problems = formProblems(form)
  const shown = tried ? problems : {}
  return (
    <form
      noValidate
      onSubmit={event => {
        event.preventDefault()
        setTried(true)
        if (Object.keys(problems).length === 0) save.mutate()
      }}
    >
      <Stack gap="md">
        <NameFields form={form} problems={shown} onChange={change} made={metric !== undefined} />
        <NativeSelect
          label="What it measures"
          description={catalogueEntry(form.kind).what}
          data={KINDS}
          value={form.kind}
          onChange={({ currentTarget: { value } }) => isKind(value) && setForm(withKind(form, value))}
        />
        <Text size="sm" className={classes.preview} role="status" aria-label="In words">
          {metricSentence(metricOfForm(form))}
        </Text>
        <KindFields form={form} problems={shown} onChange={change} />
        <MeaningFields form={form} onChange={change} />
        {tried && (shown.name ?? shown.key) !== undefined && (
          <Text size="sm" c="red" role="alert">
            {shown.name ?? shown.key}
          </Text>
        )}
        {save.error !== null && <ErrorAlert error={save.error} title="The metric was not saved" />}
        <Group justify="space-between" gap="xs">
          <Text size="xs" c="dimmed" flex="1 1 200px">
            {metric && versionWords(metric)}
          </Text>
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending}>
              {metric ? 'Save' : 'Create metric'}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  )
}

/** Makes a metric out of the catalogue, or its next version. */
export function MetricDialog({ opened, ...rest }: Props & { readonly opened: boolean }) {
  const title = rest.metric ? `Change ${rest.metric.definition.name}` : 'Create a metric'
  return (
    <Modal opened={opened} onClose={rest.onClose} title={title} size="lg" centered>
      <MetricFields {...rest} />
    </Modal>
  )
}
