import type { DecisionView } from '@dimmer/protocol'
import type { DecisionKind, Guardrail, RolloutPlan } from '@dimmer/rollout'
import { Button, Collapse, Group, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { date, dateTime } from '../../../shared/format/relative-time.ts'
import type { Tone } from '../../../shared/ui/tone.ts'
import { ToneBadge } from '../../../shared/ui/tone-badge.tsx'
import { goalAsGuardrail, guardrailName } from '../model/verdict-words.ts'
import classes from './decision-log.module.css'
import { EvidenceTable } from './evidence-table.tsx'
import { VerdictBadge } from './verdict-badge.tsx'

const KINDS: Readonly<Record<DecisionKind, { readonly label: string; readonly tone: Tone }>> = {
  start: { label: 'Started', tone: 'info' },
  expand: { label: 'Expanded', tone: 'good' },
  hold: { label: 'Held', tone: 'neutral' },
  pause: { label: 'Paused', tone: 'warn' },
  resume: { label: 'Resumed', tone: 'info' },
  'roll-back': { label: 'Rolled back', tone: 'bad' },
  complete: { label: 'Completed', tone: 'good' },
  abort: { label: 'Aborted', tone: 'neutral' },
  retire: { label: 'Retired', tone: 'neutral' },
}

interface EntryProps {
  readonly decision: DecisionView
  readonly guardrails: readonly Guardrail[]
}

function Evidence({ decision, guardrails }: EntryProps) {
  return (
    <Stack gap="sm" pt="xs">
      {decision.verdicts.map(verdict => {
        const guardrail = guardrails.find(one => one.id === verdict.guardrailId)
        if (guardrail === undefined) return null
        return (
          <div key={verdict.guardrailId}>
            <Group gap="xs">
              <Text size="sm" fw={600}>
                {guardrailName(guardrail)}
              </Text>
              <VerdictBadge verdict={verdict} />
            </Group>
            <Text size="sm">{verdict.sentence}</Text>
            <EvidenceTable guardrail={guardrail} verdict={verdict} />
          </div>
        )
      })}
    </Stack>
  )
}

function Entry({ decision, guardrails }: EntryProps) {
  const [open, { toggle }] = useDisclosure(false)
  const { label, tone } = KINDS[decision.kind]
  const at = Date.parse(decision.at)
  return (
    <li className={classes.entry}>
      <time className={classes.time} dateTime={decision.at} title={date(at)}>
        {dateTime(at)}
      </time>
      <Stack gap={4} miw={0}>
        <Group gap="xs">
          <ToneBadge tone={tone}>{label}</ToneBadge>
          <Text size="sm" c="dimmed">
            by {decision.actor.kind === 'controller' ? 'the controller' : decision.actor.name}
            {decision.version !== null && ` · version ${decision.version}`}
          </Text>
        </Group>
        <Text size="sm">{decision.sentence}</Text>
        {decision.note !== null && !decision.sentence.includes(decision.note) && (
          <Text size="sm" fs="italic" c="dimmed">
            {decision.note}
          </Text>
        )}
        {decision.verdicts.length > 0 && (
          <div>
            <Button
              size="compact-xs"
              variant="subtle"
              color="gray"
              c="dimmed"
              fw={500}
              ml={-8}
              aria-expanded={open}
              onClick={toggle}
            >
              {open ? 'Hide the evidence' : 'Show the evidence'}
            </Button>
            <Collapse expanded={open} keepMounted={false}>
              <Evidence decision={decision} guardrails={guardrails} />
            </Collapse>
          </div>
        )}
      </Stack>
    </li>
  )
}

interface Props {
  readonly plan: RolloutPlan
  readonly decisions: readonly DecisionView[]
}

/** Every decision, the newest first, with the evidence it was made on. */
export function DecisionLog({ plan, decisions }: Props) {
  if (decisions.length === 0) {
    return (
      <Text size="sm" c="dimmed" px="md" pb="md">
        Nothing was decided yet.
      </Text>
    )
  }
  const judged = [...plan.guardrails, ...(plan.goals ?? []).map(goalAsGuardrail)]
  return (
    <ol className={classes.log} reversed>
      {decisions
        .toSorted((a, b) => b.id - a.id)
        .map(decision => (
          <Entry key={decision.id} decision={decision} guardrails={judged} />
        ))}
    </ol>
  )
}
