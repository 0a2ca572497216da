import type { MetricView } from '@dimmer/protocol'
import { type Guardrail, isDefined, type Verdict } from '@dimmer/rollout'
import { Button, Collapse, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { metricSentence } from '../../metrics/index.ts'
import { guardrailName, limitWords } from '../model/verdict-words.ts'
import { EvidenceTable } from './evidence-table.tsx'
import { IntervalBar } from './interval-bar.tsx'
import { VerdictBadge } from './verdict-badge.tsx'

interface Props {
  readonly guardrail: Guardrail
  /** What the rollout counts. */
  readonly unit: string
  /** Absent before the first look. */
  readonly verdict: Verdict | undefined
  /** The live charts of this guardrail. */
  readonly charts: ReactNode
  /** The newest version of its metric, where the library has a newer one. */
  readonly newer?: MetricView | undefined
}

/** One guardrail: its limit, the verdict in words, the numbers behind it, and how they came about. */
export function GuardrailCard({ guardrail, unit, verdict, charts, newer }: Props) {
  const [open, { toggle }] = useDisclosure(false)
  const metric = guardrail.kind === 'metric' && isDefined(guardrail.metric) ? guardrail.metric : undefined
  return (
    <Paper component="article" withBorder radius="lg" p="md">
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <div>
            <Title order={3}>{guardrailName(guardrail)}</Title>
            <Text size="sm" c="dimmed">
              {limitWords(guardrail)}
            </Text>
            {metric && (
              <Text size="xs" c="dimmed">
                {metricSentence({ ...metric, unit })}
              </Text>
            )}
            {newer && (
              <Text size="xs" c="dimmed">
                Judged by version {metric?.version}, with which this rollout was made. The library has version{' '}
                {newer.definition.version}.
              </Text>
            )}
          </div>
          {verdict !== undefined && <VerdictBadge verdict={verdict} />}
        </Group>
        <Text size="sm">{verdict?.sentence ?? 'Not looked at yet.'}</Text>
        {verdict !== undefined && (
          <IntervalBar
            guardrail={guardrail}
            evidence={verdict.evidence}
            label={verdict.goal === true ? 'target' : 'limit'}
          />
        )}
        {charts}
        {verdict !== undefined && (
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
              {open ? 'Hide the numbers' : 'Show the numbers'}
            </Button>
            <Collapse expanded={open}>
              <EvidenceTable guardrail={guardrail} verdict={verdict} />
            </Collapse>
          </div>
        )}
      </Stack>
    </Paper>
  )
}
