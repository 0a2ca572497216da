import { createHash } from 'node:crypto'
import { type Context, type Evaluation, evaluate, openFeatureReason, type Snapshot } from '@dimmer/engine'
import type { OfrepFlag } from '@dimmer/protocol'
import type { SdkCaller } from '../../http/caller.ts'

/** Who asks about whom. A browser gets values; which rule led to them is for servers. */
export interface OfrepSubject {
  readonly context: Context
  readonly now: number
  readonly caller: SdkCaller['kind']
}

const howItCame = ({ unit, reason, heldOutBy }: Evaluation) => ({
  ...(unit === undefined ? {} : { unit }),
  ...(reason.kind === 'rule' ? { rule: reason.ruleId } : {}),
  ...(heldOutBy === undefined ? {} : { heldOutBy }),
})

const present = (evaluation: Evaluation, caller: OfrepSubject['caller']): OfrepFlag => ({
  key: evaluation.flagKey,
  value: evaluation.value,
  reason: openFeatureReason(evaluation).reason,
  ...(evaluation.variant === undefined ? {} : { variant: evaluation.variant }),
  metadata: { flagVersion: evaluation.flagVersion, ...(caller !== 'browser' ? howItCame(evaluation) : {}) },
})

/** One flag for one context; undefined if there is no such flag. */
export function ofrepEvaluate(snapshot: Snapshot, key: string, subject: OfrepSubject): OfrepFlag | undefined {
  const evaluation = evaluate(snapshot, key, subject.context, subject.now)
  if (evaluation.reason.kind === 'error' && evaluation.reason.code === 'flag-not-found') return undefined
  return present(evaluation, subject.caller)
}

/** All flags that have a value for this context. */
export const ofrepEvaluateAll = (snapshot: Snapshot, subject: OfrepSubject): readonly OfrepFlag[] =>
  Object.keys(snapshot.ruleset.flags).flatMap(key => {
    const flag = ofrepEvaluate(snapshot, key, subject)
    return flag === undefined || flag.reason === 'ERROR' ? [] : [flag]
  })

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  )
}

/** Changes with the ruleset version and with anything in `covered`, whatever the order of its attributes. */
export const ofrepEtag = (version: number, covered: readonly unknown[]): string =>
  `"${version}-${createHash('sha256')
    .update(JSON.stringify(sorted(covered)))
    .digest('base64url')
    .slice(0, 16)}"`
