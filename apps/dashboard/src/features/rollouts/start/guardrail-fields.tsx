import type { RolloutPlan } from '@dimmer/rollout'
import { NumberInput, Stack, Switch, Text, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import type { PlanForm } from '../model/plan-form.ts'
import { EvidenceLine } from './evidence-line.tsx'
import classes from './start-dialog.module.css'

interface Props {
  readonly project: string
  readonly form: Pick<PlanForm, 'errorRate' | 'latency'>
  /** Complete, for what the evidence takes. */
  readonly plan: RolloutPlan
  readonly onChange: (change: Partial<Pick<PlanForm, 'errorRate' | 'latency'>>) => void
  /** Further guardrails. */
  readonly children: ReactNode
}

const asNumber = (value: number | string): number => (typeof value === 'number' ? value : 0)

/** What must not happen. A breach rolls the rollout back. */
export function GuardrailFields({ project, form: { errorRate, latency }, plan, onChange, children }: Props) {
  const evidence = (id: string) => {
    const guardrail = plan.guardrails.find(one => one.id === id)
    return guardrail && <EvidenceLine project={project} plan={plan} guardrail={guardrail} />
  }
  return (
    <Stack gap="xs" component="fieldset" className={classes.fields}>
      <Text component="legend" size="sm" fw={600} mb={6}>
        Guardrails
      </Text>
      <Switch
        label="Error rate"
        description="Failed events of those who have it, against those who don't."
        checked={errorRate.on}
        onChange={event => onChange({ errorRate: { ...errorRate, on: event.currentTarget.checked } })}
      />
      {errorRate.on && (
        <div className={classes.guardrail}>
          <TextInput
            label="Event"
            placeholder="pdf.generated"
            required
            value={errorRate.event}
            onChange={event => onChange({ errorRate: { ...errorRate, event: event.currentTarget.value } })}
          />
          <NumberInput
            label="At most"
            suffix=" times"
            min={1}
            step={0.5}
            value={errorRate.maxRatio}
            onChange={value => onChange({ errorRate: { ...errorRate, maxRatio: asNumber(value) } })}
          />
          {evidence('error-rate')}
        </div>
      )}
      <Switch
        label="Latency"
        description="95 % of their events must take no longer than this."
        checked={latency.on}
        onChange={event => onChange({ latency: { ...latency, on: event.currentTarget.checked } })}
      />
      {latency.on && (
        <div className={classes.guardrail}>
          <TextInput
            label="Event"
            placeholder="pdf.generated"
            required
            value={latency.event}
            onChange={event => onChange({ latency: { ...latency, event: event.currentTarget.value } })}
          />
          <NumberInput
            label="At most"
            suffix=" ms"
            min={1}
            step={100}
            thousandSeparator=","
            value={latency.maxMs}
            onChange={value => onChange({ latency: { ...latency, maxMs: asNumber(value) } })}
          />
          {evidence('latency')}
        </div>
      )}
      {children}
    </Stack>
  )
}
