import { armBoundaries, Murmur3Bucketer, shareThreshold, splitSalt } from './bucketing.ts'
import { isCleanFlag } from './clean-flag.ts'
import { CompiledFlag, type FlagParts, PrerequisiteLink } from './compiled-flag.ts'
import { CompiledRule, CompiledServe, type CompiledShare, type CompiledSplit } from './compiled-rule.ts'
import { compileCondition } from './conditions.ts'
import type { EvaluationErrorCode, Reason } from './evaluation.ts'
import { hashScheme } from './hash-schemes/index.ts'
import type { HashScheme, ShareDeal, SplitDeal } from './hash-schemes/scheme.ts'
import type {
  Flag,
  FlagKey,
  Hash,
  Prerequisite,
  Rule,
  Ruleset,
  Serve,
  Share,
  Split,
  UnitName,
  VariantKey,
} from './model.ts'
import { Outcome, type OutcomeFrame } from './outcome.ts'
import type { Report } from './problem.ts'
import type { RegexCompiler } from './regex.ts'
import { RuleBlock } from './rule-filter.ts'
import { compileSchedule } from './schedule.ts'
import type { SegmentTable } from './segments.ts'
import { checkFlagShape } from './shape.ts'
import { Step, YES } from './step.ts'
import { noSuchUnit, type UnitReader, unitReader } from './units.ts'

/** How many evaluations one evaluation may cost, those of its prerequisites counted. */
const MAX_PREREQUISITE_EVALUATIONS = 1_000

/** What a flag needs from around it while it is compiled. */
export interface FlagScope {
  readonly units: Ruleset['units']
  readonly segments: SegmentTable
  /** The flags that are compiled already; every prerequisite that exists is among them. */
  readonly flags: ReadonlyMap<FlagKey, CompiledFlag>
  readonly regex: RegexCompiler | undefined
  /** Paths are relative to the flag. */
  readonly report: Report
}

/** One flag on the bench. */
interface Bench {
  readonly source: Flag
  readonly scope: FlagScope
  readonly frame: OutcomeFrame
  /** Reports what makes the whole flag unusable; what only costs a rule goes to `scope.report`. */
  readonly fail: Report
}

/** Where something is served, and why. */
interface ServePlace {
  readonly path: string
  readonly reason: Reason
  readonly shareUnit?: UnitName | undefined
}

function errorOutcome(frame: OutcomeFrame, code: EvaluationErrorCode): Outcome {
  return new Outcome(frame, { variant: undefined, value: undefined, reason: { kind: 'error', code }, unit: undefined })
}

function brokenOutcome(key: FlagKey, source: Flag): Outcome {
  const { version }: { readonly version?: unknown } = source ?? {}
  const flagVersion = typeof version === 'number' ? version : 0
  return errorOutcome({ flagKey: key, flagVersion, rules: [], units: [] }, 'invalid-flag')
}

/** A flag that cannot be evaluated: it gives the error `invalid-flag`. */
export function brokenFlag(key: FlagKey, source: Flag): CompiledFlag {
  return new CompiledFlag(key, source, brokenOutcome(key, source))
}

function unitsOf(source: Flag, flags: FlagScope['flags']): readonly UnitName[] {
  const serves = [...source.rules.map(rule => rule.serve), source.fallthrough]
  const own = [...source.rules.map(rule => rule.share?.unit), ...serves.map(serve => splitOf(serve)?.unit)]
  const others = source.prerequisites.flatMap(({ flag }) => flags.get(flag)?.parts?.frame.units ?? [])
  return [...new Set([...own, ...others])].filter(unit => unit !== undefined)
}

function splitOf(serve: Serve): Split | undefined {
  return 'split' in serve ? serve.split : undefined
}

function makeOutcome(bench: Bench, variant: VariantKey, reason: Reason, unit?: UnitName): Outcome {
  return new Outcome(bench.frame, { variant, value: bench.source.variants[variant], reason, unit })
}

function checkVariant(bench: Bench, variant: VariantKey, path: string, report: Report): void {
  const { variants } = bench.source
  if (Object.hasOwn(variants, variant)) return
  report(path, 'unknown-variant', `there is no variant "${variant}", only ${Object.keys(variants).join(', ')}`)
}

function readerOf(bench: Bench, unit: UnitName, path: string): UnitReader | undefined {
  const read = unitReader(unit, bench.scope.units)
  if (read === undefined) bench.scope.report(path, 'unknown-unit', noSuchUnit(unit, bench.scope.units))
  return read
}

/** Undefined, and reported, when this version doesn't know the scheme. */
function schemeOf(bench: Bench, hash: Hash | undefined, path: string): HashScheme | 'own' | undefined {
  if (hash === undefined) return 'own'
  const scheme = hashScheme(hash.scheme)
  const message = `there is no hash scheme "${hash.scheme}" that this version knows`
  if (scheme === undefined) bench.scope.report(`${path}.hash.scheme`, 'unknown-hash', message)
  return scheme
}

function dealShare(bench: Bench, share: Share, path: string): ShareDeal | undefined {
  const { percent, hash } = share
  const scheme = schemeOf(bench, hash, path)
  if (scheme === 'own') return { bucketer: new Murmur3Bucketer(bench.source.salt), threshold: shareThreshold(percent) }
  return scheme?.share(hash?.salt ?? bench.source.salt, percent)
}

function dealSplit(bench: Bench, split: Split, path: string): SplitDeal | undefined {
  const { arms, hash } = split
  const weights = arms.map(arm => arm.weight)
  const scheme = schemeOf(bench, hash, path)
  if (scheme === 'own')
    return { bucketer: new Murmur3Bucketer(splitSalt(bench.source.salt)), ends: armBoundaries(weights) }
  const { salt } = bench.source
  return scheme?.split(hash?.salt ?? (hash?.scheme === 'murmur3' ? splitSalt(salt) : salt), weights)
}

function compileShare(bench: Bench, share: Share, path: string): CompiledShare | undefined {
  const { unit, percent } = share
  if (!(percent >= 0 && percent <= 100)) {
    bench.fail(`${path}.percent`, 'invalid-percent', `${percent} is not a percentage: it must be 0 to 100`)
  }
  const read = readerOf(bench, unit, `${path}.unit`)
  const unitNumber = bench.frame.units.indexOf(unit) + 1
  const deal = dealShare(bench, share, path)
  return read && deal && { unit, unitNumber, read, ...deal }
}

function checkWeights(bench: Bench, split: Split, path: string): void {
  if (split.arms.some(arm => arm.weight < 0)) {
    bench.fail(`${path}.arms`, 'invalid-weights', 'weights must not be negative')
  } else if (!split.arms.some(arm => arm.weight > 0)) {
    bench.fail(`${path}.arms`, 'invalid-weights', 'a split needs at least one arm with a weight above 0')
  }
}

function compileSplit(bench: Bench, split: Split, place: ServePlace): CompiledSplit | undefined {
  const path = `${place.path}.split`
  const { unit, arms } = split
  checkWeights(bench, split, path)
  arms.forEach(({ variant }, index) => void checkVariant(bench, variant, `${path}.arms[${index}].variant`, bench.fail))
  const read = readerOf(bench, unit, `${path}.unit`)
  const deal = dealSplit(bench, split, path)
  const compiled = arms.map(({ variant }, index) => ({
    end: deal?.ends[index] ?? 0,
    outcome: makeOutcome(bench, variant, place.reason, place.shareUnit ?? unit),
  }))
  const unitNumber = bench.frame.units.indexOf(unit) + 1
  return read && deal && { unit, unitNumber, read, bucketer: deal.bucketer, arms: compiled }
}

function compileServe(bench: Bench, serve: Serve, place: ServePlace): CompiledServe | undefined {
  if ('split' in serve) {
    const split = compileSplit(bench, serve.split, place)
    return split && new CompiledServe({ split })
  }
  checkVariant(bench, serve.variant, `${place.path}.variant`, bench.fail)
  return new CompiledServe({ outcome: makeOutcome(bench, serve.variant, place.reason, place.shareUnit) })
}

/** Undefined when this version doesn't understand the rule: it is skipped. */
function compileRule(bench: Bench, rule: Rule, index: number): CompiledRule | undefined {
  const path = `rules[${index}]`
  const { report, segments, regex } = bench.scope
  const scope = { report, regex, segment: (key: string) => segments.get(key) }
  const schedule = compileSchedule(rule, path, report)
  const condition = rule.when === undefined ? undefined : compileCondition(rule.when, `${path}.when`, scope)
  const share = rule.share && compileShare(bench, rule.share, `${path}.share`)
  const reason: Reason = { kind: 'rule', ruleId: rule.id, index }
  const serve = compileServe(bench, rule.serve, { path: `${path}.serve`, reason, shareUnit: rule.share?.unit })
  const understood = (rule.when === undefined || condition) && (rule.share === undefined || share)
  if (!understood || !serve || schedule === 'unreadable') return undefined
  return new CompiledRule({ index, source: rule, schedule, condition, share, serve })
}

function linkPrerequisite(bench: Bench, source: Prerequisite, index: number): PrerequisiteLink {
  const { report, flags } = bench.scope
  const path = `prerequisites[${index}]`
  const flag = flags.get(source.flag)
  const variants: unknown = flag?.source?.variants
  if (flag === undefined) report(`${path}.flag`, 'unknown-flag', `there is no flag "${source.flag}"`)
  source.variants.forEach((variant, at) => {
    if (typeof variants !== 'object' || variants === null || Object.hasOwn(variants, variant)) return
    const known = Object.keys(variants).join(', ')
    const message = `flag "${source.flag}" has no variant "${variant}", only ${known}`
    report(`${path}.variants[${at}]`, 'unknown-variant', message)
  })
  const reason: Reason = { kind: 'prerequisite-failed', flagKey: source.flag }
  return new PrerequisiteLink(source, flag, makeOutcome(bench, bench.source.offVariant, reason), bench.frame)
}

/** The conditions of all rules, the last one first, as each goes on to the next; the fallthrough is at their end. */
function graphOf(rules: readonly CompiledRule[], fallthrough: CompiledServe | undefined): Step {
  return rules.reduceRight<Step>(
    (next, rule, place) => rule.steps(new Step({ place, outcome: rule.plain }, undefined, next), next),
    new Step({ place: rules.length, outcome: fallthrough?.outcome }),
  )
}

function compileParts(bench: Bench): FlagParts | undefined {
  const { source, frame } = bench
  checkVariant(bench, source.offVariant, 'offVariant', bench.fail)
  const prerequisites = source.prerequisites.map((link, index) => linkPrerequisite(bench, link, index))
  const cost = prerequisites.reduce((sum, link) => sum + (link.flag?.parts?.cost ?? 1), 1)
  if (cost > MAX_PREREQUISITE_EVALUATIONS) {
    const message = `would cost ${cost} evaluations each time; ${MAX_PREREQUISITE_EVALUATIONS} are allowed`
    bench.fail('prerequisites', 'too-large', message)
  }
  const rules = source.rules.map((rule, index) => compileRule(bench, rule, index)).filter(rule => rule !== undefined)
  const blocks = RuleBlock.over(rules)
  const reason: Reason = { kind: 'fallthrough' }
  const fallthrough = compileServe(bench, source.fallthrough, { path: 'fallthrough', reason })
  return (
    fallthrough && {
      frame,
      prerequisites,
      gates: prerequisites.flatMap(link => link.shortened()),
      rules,
      blocks,
      start: blocks === undefined ? graphOf(rules, fallthrough) : YES,
      fallthrough,
      unassigned: makeOutcome(bench, source.offVariant, reason),
      off: makeOutcome(bench, source.offVariant, { kind: 'off' }),
      invalidContext: errorOutcome(frame, 'invalid-context'),
      cost,
    }
  )
}

function benchOf(key: FlagKey, source: Flag, scope: FlagScope, fail: Report): Bench {
  return {
    source,
    scope,
    frame: { flagKey: key, flagVersion: source.version, rules: source.rules, units: unitsOf(source, scope.flags) },
    fail,
  }
}

/** Compiles one flag. Whatever came as JSON: what is wrong is reported, and a broken flag takes the place of a flag. */
export function compileFlag(key: FlagKey, source: Flag, scope: FlagScope): CompiledFlag {
  if (!checkFlagShape(source, scope.report)) return brokenFlag(key, source)
  const compileNow = (fail: Report) => compileParts(benchOf(key, source, scope, fail))
  const body = () => compileNow(scope.report) ?? brokenOutcome(key, source)
  if (isCleanFlag(source, scope)) return new CompiledFlag(key, source, body)
  let sound = true
  const parts = compileNow((path, code, message) => {
    sound = false
    scope.report(path, code, message)
  })
  return sound && parts ? new CompiledFlag(key, source, parts) : brokenFlag(key, source)
}
