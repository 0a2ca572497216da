import type { Share } from '@dimmer/engine'
import { Button, Group, NumberInput, Slider, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type ReactNode, useState } from 'react'
import { plural } from '../../../shared/format/number.ts'
import { PERCENT_STEP, percent, roundPercent } from '../../../shared/format/percent.ts'
import { ErrorAlert } from '../../../shared/ui/error-alert.tsx'
import { IconArrowRight } from '../../../shared/ui/icons.ts'
import { shareConsequence, shareWords } from '../words/describe-share.ts'
import classes from './flag-page.module.css'

interface Props {
  readonly share: Share
  /** What the share belongs to, e.g. "rule rollout": names the fields. */
  readonly label: string
  readonly busy: boolean
  readonly error: Error | null
  /** Why the person may not set it; undefined: they may. */
  readonly whyNot: string | undefined
  /** Shows what another share would mean: below the buttons, so that they stay where they are when it arrives. */
  readonly preview?: (share: Share) => ReactNode
  /** Applies the share; rejects if the server refuses. */
  readonly onApply: (share: Share) => Promise<{ readonly version: number }>
}

const MARKS = [0, 5, 25, 50, 75, 100].map(value => ({ value, label: value === 5 ? '' : String(value) }))
const DECIMALS = 3

function Change({ before, after }: { readonly before: Share; readonly after: Share }) {
  return (
    <div aria-live="polite">
      <Group gap={6} wrap="nowrap">
        <Text size="sm" td="line-through" c="dimmed">
          {shareWords(before)}
        </Text>
        <IconArrowRight size={14} aria-label="becomes" />
        <Text size="sm" fw={600}>
          {shareWords(after)}
        </Text>
      </Group>
      <Text size="sm" c="dimmed">
        {shareConsequence(before, after)}
      </Text>
    </div>
  )
}

/** Sets a share, coarsely by slider or to a thousandth of a percent by number. Nothing happens before Apply. */
export function ShareEditor({ share, label, busy, error, whyNot, preview, onApply }: Props) {
  const [draft, setDraft] = useState<number | undefined>(undefined)
  const value = draft ?? share.percent
  const after = { unit: share.unit, percent: roundPercent(value) }
  const changed = after.percent !== share.percent
  const apply = async () => {
    const { version } = await onApply(after)
    setDraft(undefined)
    notifications.show({ message: `Now ${shareWords(after)}, with version ${version}.` })
  }
  return (
    <Stack gap="xs">
      <Group gap="lg" align="center" wrap="nowrap" className={classes.share}>
        <Slider
          flex={1}
          miw={0}
          value={value}
          onChange={setDraft}
          marks={MARKS}
          label={percent}
          thumbLabel={`Share of ${label}`}
          thumbValueText={at => `${percent(at)} of ${plural(share.unit)}`}
          color="var(--dimmer-glow)"
          mb="md"
          disabled={whyNot !== undefined}
        />
        <NumberInput
          w={116}
          aria-label={`Percent of ${plural(share.unit)}, ${label}`}
          value={value}
          onChange={next => setDraft(typeof next === 'number' ? next : undefined)}
          min={0}
          max={100}
          clampBehavior="strict"
          decimalScale={DECIMALS}
          step={value < 1 ? 100 * PERCENT_STEP : 1}
          suffix=" %"
          disabled={whyNot !== undefined}
        />
      </Group>
      {whyNot !== undefined && (
        <Text size="sm" c="dimmed">
          {whyNot}
        </Text>
      )}
      {changed && <Change before={share} after={after} />}
      {error !== null && <ErrorAlert error={error} title="The share was not changed" />}
      {changed && (
        <Group gap="xs">
          <Button size="xs" loading={busy} onClick={() => void apply().catch(() => undefined)}>
            Apply
          </Button>
          <Button size="xs" variant="default" onClick={() => setDraft(undefined)}>
            Discard
          </Button>
        </Group>
      )}
      {changed && preview?.(after)}
    </Stack>
  )
}
