import { type Goal, type Guardrail, type MetricGuardrail, oneIn, type Verdict, type VerdictKind } from '@dimmer/rollout'
import { duration } from '../../../shared/format/duration.ts'
import { count, figure } from '../../../shared/format/number.ts'
import { rate } from '../../../shared/format/percent.ts'
import type { Tone } from '../../../shared/ui/tone.ts'
import { measureWords, SHARES } from './verdict-bounds.ts'

export const VERDICT_TONES: Readonly<Record<VerdictKind, Tone>> = {
  ok: 'good',
  breached: 'bad',
  inconclusive: 'info',
  'no-data': 'neutral',
  'sick-sample': 'warn',
}

const VERDICT_LABELS: Readonly<Record<VerdictKind, string>> = {
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

/** "at least 15 %", "at most 2x the comparison group", "at most 10 in all" */
function metricLimitWords(guardrail: MetricGuardrail): string {
  const { metric, limit } = guardrail
  const { value, ratio, total } = limit
  const bound = 'worse' in metric && metric.worse === 'lower' ? 'at least' : 'at most'
  const words = [
    value === undefined ? [] : [`${bound} ${measureWords(guardrail, value)}`],
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

/** A goal, to be shown as guardrails are: its target stands where they have their limit. */
export const goalAsGuardrail = ({ id, name, metric, target }: Goal): MetricGuardrail => ({
  kind: 'metric',
  id,
  ...(name === undefined ? {} : { name }),
  metric,
  limit: { value: target },
})

/** What a verdict is called: of a goal, `ok` means reached. */
export function verdictLabel({ kind, goal }: Pick<Verdict, 'kind' | 'goal'>): string {
  if (goal !== true) return VERDICT_LABELS[kind]
  return kind === 'ok' ? 'Reached' : kind === 'inconclusive' ? 'Not reached yet' : VERDICT_LABELS[kind]
}

const chance = (logE: number): string => (logE < Math.LN2 ? 'not small' : `below ${oneIn(logE)}`)
const needed = (logE: number): string => `1 in ${count(Math.exp(logE))}`

/** How much the numbers prove, and how much they have to. */
export function chanceSentence({ evidence, goal }: Pick<Verdict, 'evidence' | 'goal'>): string {
  const { logE, breachAt, logEOk, okAt } = evidence
  const ok = chance(logEOk)
  if (goal === true) return `Chance of such numbers if the goal is missed by far: ${ok}; needed is ${needed(okAt)}.`
  const harm = `Chance of such numbers without harm: ${chance(logE)}; a breach takes ${needed(breachAt)}.`
  return `${harm} Chance of them with more harm than is allowed: ${ok}; the all-clear takes ${needed(okAt)}.`
}

/** One row of the evidence table. */
export interface EvidenceRow {
  readonly label: string
  readonly treated: string
  readonly control: string
}

const share = (hit: number, all: number): string => (all === 0 ? count(hit) : `${count(hit)} (${rate(hit / all)})`)

/** What an event is that counts against the guardrail; undefined: the metric has no such events, only units. */
function hitWords(guardrail: Guardrail): string | undefined {
  const kind = guardrail.kind === 'metric' && 'kind' in guardrail.metric ? guardrail.metric.kind : guardrail.kind
  if (kind === 'error-rate') return 'failed'
  return kind === 'latency' ? 'too slow' : undefined
}

/** What a unit did that counts, for shares of units; undefined: something else is measured. */
function didWords(guardrail: Guardrail): string | undefined {
  if (guardrail.kind !== 'metric' || !('kind' in guardrail.metric) || !SHARES.has(guardrail.metric.kind))
    return undefined
  return guardrail.metric.kind === 'reversal' ? 'Of them didn’t come back' : 'Of them did it'
}

/** The groups side by side. */
export function evidenceRows(guardrail: Guardrail, { evidence }: Pick<Verdict, 'evidence'>): readonly EvidenceRow[] {
  const { units, unitsHit, events, eventsHit } = evidence
  const row = (label: string, { treated, control }: typeof units) => ({
    label,
    treated: count(treated),
    control: count(control),
  })
  const shares = (label: string, hits: typeof units, all: typeof units) => ({
    label,
    treated: share(hits.treated, all.treated),
    control: share(hits.control, all.control),
  })
  const hit = hitWords(guardrail)
  const did = didWords(guardrail)
  if (did !== undefined) return [row('Units with a complete window', units), shares(did, unitsHit, units)]
  if (hit === undefined) return [row('Units seen', units), row('Events', events)]
  return [
    row('Units seen', units),
    shares(`Units with a ${hit} event`, unitsHit, units),
    row('Events', events),
    shares(`Events ${hit}`, eventsHit, events),
  ]
}
