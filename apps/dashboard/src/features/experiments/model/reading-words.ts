import type { ExperimentView } from '@dimmer/protocol'
import type { ArmReading, MetricDefinition, MetricReading } from '@dimmer/rollout'
import { figure, listed } from '../../../shared/format/number.ts'
import { rate } from '../../../shared/format/percent.ts'
import type { Tone } from '../../../shared/ui/tone.ts'

export const VERDICT_LABELS: Readonly<Record<ArmReading['verdict'], string>> = {
  better: 'Better',
  worse: 'Worse',
  'no-difference-yet': 'No difference yet',
  'too-few-units': 'Too few units',
}

export const VERDICT_TONES: Readonly<Record<ArmReading['verdict'], Tone>> = {
  better: 'good',
  worse: 'bad',
  'no-difference-yet': 'info',
  'too-few-units': 'neutral',
}

/** 0.1234 -> "+12.3 %" with a real minus. */
export function liftWords(lift: number): string {
  const figure = Number((100 * Math.abs(lift)).toPrecision(3))
  return `${lift < 0 ? '−' : '+'}${figure}\u00a0%`
}

const SHARES: ReadonlySet<string> = new Set(['adoption', 'activation', 'conversion', 'reversal', 'retention'])

/** An arm's estimate in the metric's own measure. */
export function estimateWords({ kind }: Pick<MetricDefinition, 'kind'>, value: number | undefined): string {
  if (value === undefined) return 'none'
  return SHARES.has(kind) ? rate(value) : figure(value)
}

const decided = ({ verdict }: ArmReading): boolean => verdict === 'better' || verdict === 'worse'

const ofArm = (metrics: readonly MetricReading[], variant: string): readonly ArmReading[] =>
  metrics.flatMap(({ arms }) => arms.filter(arm => arm.variant === variant))

/** "redesigned against classic: +12 % invoices created, -8 % PDF exports." One sentence per arm. */
export function summaryWords({ baseline, arms, metrics }: ExperimentView): readonly string[] {
  return arms
    .filter(({ variant }) => variant !== baseline)
    .map(({ variant }) => {
      const found = ofArm(metrics, variant).filter(decided)
      const against = `${variant} against ${baseline}`
      if (found.length === 0) return `${against}: nothing proven yet.`
      return `${against}: ${listed(
        found.map(({ sentence }) => sentence.replace(/ \(.*\)$/, '')),
        'and',
      )}.`
    })
}
