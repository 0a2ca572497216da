import { Stack, Text } from '@mantine/core'
import { IconCheck, IconPointFilled, IconX } from '../../../shared/ui/icons.ts'
import { KeyText } from '../../../shared/ui/key-text.tsx'
import classes from './explanation.module.css'
import type { ShownExplanation, ShownStep } from './read-explanation.ts'

function StepIcon({ fitted }: Pick<ShownStep, 'fitted'>) {
  if (fitted === undefined) return <IconPointFilled size={14} aria-hidden="true" />
  return fitted ? <IconCheck size={16} aria-label="yes:" /> : <IconX size={16} aria-label="no:" />
}

function Steps({ steps }: { readonly steps: readonly ShownStep[] }) {
  return (
    <ol className={classes.steps}>
      {steps.map(step => (
        <li key={step.sentence} data-fitted={step.fitted}>
          <span className={classes.icon}>
            <StepIcon fitted={step.fitted} />
          </span>
          <div>
            {step.sentence}
            {step.inner.length > 0 && <Steps steps={step.inner} />}
          </div>
        </li>
      ))}
    </ol>
  )
}

/** What somebody gets, and each step that led there. */
export function ExplanationView({ explanation }: { readonly explanation: ShownExplanation }) {
  return (
    <Stack gap="xs" aria-live="polite">
      <Text>
        Gets <KeyText fw={700}>{explanation.variant ?? 'nothing'}</KeyText>
        <Text span c="dimmed" size="sm">
          {' '}
          = <KeyText>{explanation.value}</KeyText>
        </Text>
      </Text>
      <Steps steps={explanation.steps} />
    </Stack>
  )
}
