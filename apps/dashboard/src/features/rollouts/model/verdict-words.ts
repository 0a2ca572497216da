import type { Guardrail, MetricGuardrail, Verdict, VerdictKind } from '@dimmer/rollout'
import { duration } from '../../../shared/format/duration.ts'
import { count, figure } from '../../../shared/format/number.ts'
import { rate } from '../../../shared/format/percent.ts'
import type { Tone } from '../../../shared/ui/tone.ts'

export const VERDICT_TONES: Readonly<Record<VerdictKind, Tone>> = {
  ok: 'good',
  breached: 'bad',
  inconclusive: 'info',
  'no-data': 'neutral',
  'sick-sample': 'warn',
}

export const VERDICT_LABELS: Readonly<Record<VerdictKind, string>> = {
  ok: 'OK',
  breached: 'Breached',
  inconclusive: 'Inconclusive',
  'no-data': 'No data',
  'sick-sample': 'Sick sample',
}

/** "Error rate of pdf.generated" */
export function guardrailName(guardrail: Guardrail): string {
  if (guardrail.name !== undefined) return guardrail.name
  if (guardrail.kind === 'metric') return 'name' in guardrail.metric ? guardrail.metric.name : guardrail.metric.key
  const what = guardrail.kind === 'error-rate' ? 'Error rate' : `p${figure(guardrail.quantile * 100)} latency`
  return `${what} of ${guardrail.event}`
}

/** "at least 0.15", "at most 2x the comparison group", "at most 10 in all" */
function metricLimitWords({ metric, limit: { value, ratio, total } }: MetricGuardrail): string {
  const bound = 'worse' in metric && metric.worse === 'lower' ? 'at least' : 'at most'
  const words = [
    value === undefined ? [] : [`${bound} ${figure(value)}`],
    ratio === undefined ? [] : [`${bound} ${figure(ratio)}× the comparison group`],
    total === undefined ? [] : [`fewer than ${count(total)} in all`],
  ]
  return words.flat().join(', ')
}

/** "at most 2x the comparison group" / "p95 at most 3 s" */
export function limitWords(guardrail: Guardrail): string {
  if (guardrail.kind === 'error-rate') return `at most ${figure(guardrail.maxRatio)}× the comparison group`
  if (guardrail.kind === 'latency') return `p${figure(guardrail.quantile * 100)} at most ${duration(guardrail.maxMs)}`
  return metricLimitWords(guardrail)
}

/** One row of the evidence table. */
export interface EvidenceRow {
  readonly label: string
  readonly treated: string
  readonly control: string
}

const share = (hit: number, all: number): string => (all === 0 ? count(hit) : `${count(hit)} (${rate(hit / all)})`)

/** The groups side by side. `slow` events are what a latency guardrail counts, failed ones what an error rate does. */
export function evidenceRows(
  guardrail: Pick<Guardrail, 'kind'>,
  { evidence }: Pick<Verdict, 'evidence'>,
): readonly EvidenceRow[] {
  const hit = guardrail.kind === 'error-rate' ? 'failed' : 'too slow'
  const { units, unitsHit, events, eventsHit } = evidence
  return [
    { label: 'Units seen', treated: count(units.treated), control: count(units.control) },
    {
      label: `Units with a ${hit} event`,
      treated: share(unitsHit.treated, units.treated),
      control: share(unitsHit.control, units.control),
    },
    { label: 'Events', treated: count(events.treated), control: count(events.control) },
    {
      label: `Events ${hit}`,
      treated: share(eventsHit.treated, events.treated),
      control: share(eventsHit.control, events.control),
    },
  ]
}
