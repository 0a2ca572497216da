import type { Evaluation, Flag, Reason, Rule, Ruleset, Serve, VariantKey } from '../src/index.ts'
import { type Asked, conditionHolds, instant, unitIdOf } from './reference-conditions.ts'
import { referenceArm, referenceIsIn } from './reference-hash-schemes.ts'
import { referenceMurmur3 } from './reference-murmur3.ts'

/**
 * A second evaluator for the tests, written from the specification for clarity alone: no compiling, no caching, no
 * shared code with the engine. For rulesets that validate.
 */

function bucket(salt: string, id: string): number {
  return Number((BigInt(referenceMurmur3(`${salt}:${id}`)) * 100_000n) / 2n ** 32n)
}

function deal(serve: Serve, flag: Flag, asked: Asked): { variant?: VariantKey; unit?: string; missing?: string } {
  if ('variant' in serve) return { variant: serve.variant }
  const { unit, arms } = serve.split
  const id = unitIdOf(asked.context, unit, asked.ruleset)
  if (id === undefined) return { missing: unit }
  const { hash } = serve.split
  if (hash && hash.scheme !== 'murmur3') {
    const variant = referenceArm({ salt: flag.salt, ...hash }, arms, id)?.variant
    return variant === undefined ? {} : { variant, unit }
  }
  const total = arms.reduce((sum, arm) => sum + arm.weight, 0)
  const place = bucket(hash?.salt ?? `${flag.salt}/split`, id)
  let weights = 0
  for (const arm of arms) {
    weights += arm.weight
    if (place < Math.floor((100_000 * weights) / total + 0.5)) return { variant: arm.variant, unit }
  }
  throw new Error('the arms of a split cover all buckets')
}

/** What is remembered on the way through the rules. */
interface Notes {
  heldOutBy?: string
  heldUnit?: string
  missingUnit?: string
}

function isInShare(rule: Rule, flag: Flag, asked: Asked, notes: Notes): boolean {
  if (!rule.share) return true
  const { unit, percent, hash } = rule.share
  const id = unitIdOf(asked.context, unit, asked.ruleset)
  if (id === undefined) {
    notes.missingUnit ??= unit
    return false
  }
  const isIn =
    hash && hash.scheme !== 'murmur3'
      ? referenceIsIn({ salt: flag.salt, ...hash }, percent, id)
      : bucket(hash?.salt ?? flag.salt, id) < Math.round(percent * 1000)
  if (isIn) return true
  if (notes.heldOutBy === undefined) {
    notes.heldOutBy = rule.id
    notes.heldUnit = unit
  }
  return false
}

function isInForce({ from, until }: Rule, now: number): boolean {
  return (from === undefined || now >= (instant(from) ?? 0)) && (until === undefined || now < (instant(until) ?? 0))
}

function decide(flag: Flag, asked: Asked): Partial<Evaluation> & { readonly reason: Reason } {
  const notes: Notes = {}
  const end = (variant: VariantKey, reason: Reason, unit: string | undefined) => {
    const { heldOutBy, heldUnit, missingUnit } = notes
    return { variant, reason, unit: unit ?? heldUnit, heldOutBy, missingUnit }
  }
  for (const [index, rule] of flag.rules.entries()) {
    if (!isInForce(rule, asked.now)) continue
    if (rule.when && !conditionHolds(rule.when, asked)) continue
    if (!isInShare(rule, flag, asked, notes)) continue
    const { variant, unit, missing } = deal(rule.serve, flag, asked)
    if (variant !== undefined) return end(variant, { kind: 'rule', ruleId: rule.id, index }, rule.share?.unit ?? unit)
    if (missing !== undefined) notes.missingUnit ??= missing
  }
  const { variant, unit, missing } = deal(flag.fallthrough, flag, asked)
  if (missing !== undefined) notes.missingUnit ??= missing
  return end(variant ?? flag.offVariant, { kind: 'fallthrough' }, unit)
}

function unmetPrerequisite(flag: Flag, asked: Asked): (Partial<Evaluation> & { readonly reason: Reason }) | undefined {
  for (const { flag: flagKey, variants } of flag.prerequisites) {
    const other = referenceEvaluate(asked.ruleset, flagKey, asked.context, asked.now)
    const isOn = asked.ruleset.flags[flagKey]?.on === true
    if (isOn && other.variant !== undefined && variants.includes(other.variant)) continue
    const reason: Reason = { kind: 'prerequisite-failed', flagKey }
    return { variant: flag.offVariant, reason, missingUnit: other.missingUnit }
  }
  return undefined
}

function find(flag: Flag, asked: Asked | undefined): Partial<Evaluation> & { readonly reason: Reason } {
  if (!flag.on) return { variant: flag.offVariant, reason: { kind: 'off' } }
  if (asked === undefined) return { reason: { kind: 'error', code: 'invalid-context' } }
  return unmetPrerequisite(flag, asked) ?? decide(flag, asked)
}

export function referenceEvaluate(ruleset: Ruleset, flagKey: string, context: unknown, now: number): Evaluation {
  const flag = Object.hasOwn(ruleset.flags, flagKey) ? ruleset.flags[flagKey] : undefined
  const nothing = { variant: undefined, unit: undefined, heldOutBy: undefined, missingUnit: undefined }
  if (flag === undefined) {
    const reason: Reason = { kind: 'error', code: 'flag-not-found' }
    return { ...nothing, flagKey, flagVersion: 0, value: undefined, reason }
  }
  const isObject = typeof context === 'object' && context !== null && !Array.isArray(context)
  const found = find(flag, isObject ? { ruleset, context: { ...context }, now } : undefined)
  const value = found.variant === undefined ? undefined : flag.variants[found.variant]
  return { ...nothing, flagKey, flagVersion: flag.version, value, ...found }
}
