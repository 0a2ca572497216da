import { attributeReader, isObject } from './attributes.ts'
import type { CompiledFlag, FlagParts, PrerequisiteLink } from './compiled-flag.ts'
import {
  armAt,
  bucketIn,
  type CompiledRule,
  type CompiledShare,
  type CompiledSplit,
  type Dealer,
} from './compiled-rule.ts'
import type { Evaluation } from './evaluation.ts'
import { explainCondition, type Subject } from './explain-conditions.ts'
import { listed, valueWords } from './explain-words.ts'
import type {
  Explanation,
  ExplanationStep,
  PrerequisiteStep,
  RuleStep,
  Said,
  ScheduleStep,
  ShareStep,
  SplitStep,
} from './explanation.ts'
import type { FlagKey, Rule } from './model.ts'
import type { Outcome } from './outcome.ts'
import { isInForce, type Schedule } from './schedule.ts'
import type { Snapshot } from './snapshot.ts'
import { unitAttribute } from './units.ts'

/** Who asks whom, and when. */
interface Question extends Subject {
  readonly snapshot: Snapshot
  readonly flag: CompiledFlag
  readonly parts: FlagParts
}

/** Where the walk stands: what `evaluate` keeps in two local numbers. */
interface Walk {
  readonly steps: ExplanationStep[]
  held: number
  missing: number
}

/** A bucket as a percentage to three places. */
function toPercent(bucket: number, { bucketer }: Dealer): number {
  return Math.round((bucket / bucketer.size) * 100_000) / 1000
}

function attributeOf(dealer: Dealer, question: Question): string {
  return unitAttribute(dealer.unit, question.snapshot.ruleset.units) ?? dealer.unit
}

function missingSentence(dealer: Dealer, question: Question): string {
  const attribute = attributeOf(dealer, question)
  const found = attributeReader(attribute)(question.context)
  if (found === undefined || found === null || found === '') return `the context has no ${dealer.unit} (${attribute})`
  return `the context has no ${dealer.unit}: ${attribute} is ${valueWords(found)}, needed a text or a whole number`
}

function explainShare(share: CompiledShare, percent: number, question: Question): ShareStep {
  const { unit } = share
  const unitId = share.read(question.context)
  const bucket = bucketIn(share, question.context)
  const at = { unit, attribute: attributeOf(share, question), unitId, percent }
  if (bucket < 0) return { ...at, bucket: undefined, holds: false, sentence: missingSentence(share, question) }
  const holds = bucket < share.threshold
  const place = toPercent(bucket, share)
  const where = `${unit} ${valueWords(unitId)} is ${holds ? 'in' : 'not in'} the share`
  return { ...at, bucket: place, holds, sentence: `${where}: bucket ${place} of ${percent} %` }
}

/** Where the arm that holds a bucket begins and ends, in percent. */
function armAround(split: CompiledSplit, bucket: number): { readonly from: number; readonly to: number } {
  const index = split.arms.findIndex(({ end }) => bucket < end)
  const [before, arm] = [split.arms[index - 1], split.arms[index]]
  return { from: toPercent(before?.end ?? 0, split), to: toPercent(arm?.end ?? split.bucketer.size, split) }
}

function explainSplit(split: CompiledSplit, question: Question): SplitStep {
  const { unit } = split
  const unitId = split.read(question.context)
  const bucket = bucketIn(split, question.context)
  const at = { unit, attribute: attributeOf(split, question), unitId }
  if (bucket < 0) {
    return { ...at, bucket: undefined, arm: undefined, variant: undefined, sentence: missingSentence(split, question) }
  }
  const variant = armAt(split, bucket)?.variant
  const place = toPercent(bucket, split)
  const arm = armAround(split, bucket)
  const sentence = `${unit} ${valueWords(unitId)} falls to ${variant}: bucket ${place}, in the arm from ${arm.from} to ${arm.to} %`
  return { ...at, bucket: place, arm, variant, sentence }
}

function explainPrerequisite(link: PrerequisiteLink, failed: boolean, question: Question): PrerequisiteStep & Said {
  const { flag: flagKey, variants } = link.source
  const explanation = explain(question.snapshot, flagKey, question.context, question.now)
  const { reason, variant } = explanation.evaluation
  const state = reason.kind === 'off' ? 'is off' : variant === undefined ? 'cannot be used' : `serves ${variant}`
  const sentence = `prerequisite ${flagKey} ${state}${failed ? `, needed ${listed(variants, 'or')}` : ''}`
  return { kind: 'prerequisite', flagKey, met: !failed, explanation, sentence }
}

function explainSchedule({ from, until }: Rule, schedule: Schedule, now: number): ScheduleStep {
  const ends = [from && `from ${from}`, until && `until ${until}`].filter(end => end !== undefined).join(' ')
  const holds = isInForce(schedule, now)
  return { from, until, holds, sentence: `${holds ? 'in force' : 'not in force now, only'} ${ends}` }
}

function ruleName(rule: Rule, index: number): string {
  return `rule ${index + 1} '${rule.name ?? rule.id}'`
}

type RuleFindings = Pick<RuleStep, 'schedule' | 'condition' | 'share' | 'split'>

const NO_FINDINGS: RuleFindings = { schedule: undefined, condition: undefined, share: undefined, split: undefined }

function ruleStep(rule: CompiledRule, matched: boolean, findings: RuleFindings): RuleStep & Said {
  const { schedule, condition, share, split } = findings
  const reasons = [schedule, condition, share, split].filter(part => part !== undefined).map(part => part.sentence)
  const decisive = matched ? reasons : reasons.slice(-1)
  const why = decisive.length === 0 ? 'it is for everybody' : decisive.join('; ')
  const sentence = `${ruleName(rule.source, rule.index)} ${matched ? 'matched' : 'did not match'}: ${why}`
  return {
    kind: 'rule',
    ruleId: rule.source.id,
    index: rule.index,
    matched,
    understood: true,
    problem: undefined,
    ...findings,
    sentence,
  }
}

/** Takes one rule; the outcome when it matches. */
function walkRule(rule: CompiledRule, walk: Walk, question: Question): Outcome | undefined {
  const schedule = rule.schedule && explainSchedule(rule.source, rule.schedule, question.now)
  if (schedule && !schedule.holds) {
    walk.steps.push(ruleStep(rule, false, { ...NO_FINDINGS, schedule }))
    return undefined
  }
  const condition = rule.condition && explainCondition(rule.condition, question)
  const findings = { ...NO_FINDINGS, schedule, condition }
  if (condition && !condition.holds) {
    walk.steps.push(ruleStep(rule, false, findings))
    return undefined
  }
  const share = rule.share && explainShare(rule.share, rule.source.share?.percent ?? 0, question)
  if (rule.share && share && !share.holds) {
    if (share.unitId === undefined) walk.missing ||= rule.share.unitNumber
    else walk.held ||= rule.index + 1
    walk.steps.push(ruleStep(rule, false, { ...findings, share }))
    return undefined
  }
  const split = rule.serve.split && explainSplit(rule.serve.split, question)
  const outcome = rule.serve.pick(question.context)
  if (outcome === undefined) walk.missing ||= rule.serve.unitNumber
  walk.steps.push(ruleStep(rule, outcome !== undefined, { schedule, condition, share, split }))
  return outcome
}

function skippedStep(rule: Rule, index: number, { snapshot, flag }: Question): RuleStep & Said {
  const place = `flags.${flag.key}.rules[${index}].`
  const problem = snapshot.problems.find(({ flagKey, path }) => flagKey === flag.key && path.startsWith(place))
  const why = problem === undefined ? '' : ` (${problem.code}: ${problem.message})`
  const sentence = `${ruleName(rule, index)} was skipped: this version does not understand it${why}`
  const skipped = { matched: false, understood: false, problem: problem?.code }
  return { kind: 'rule', ruleId: rule.id, index, ...skipped, ...NO_FINDINGS, sentence }
}

function walkFallthrough(walk: Walk, question: Question): Evaluation {
  const { fallthrough, unassigned } = question.parts
  const split = fallthrough.split && explainSplit(fallthrough.split, question)
  const outcome = fallthrough.pick(question.context)
  if (outcome === undefined) walk.missing ||= fallthrough.unitNumber
  const evaluation = (outcome ?? unassigned).evaluation(walk.held, walk.missing)
  const who = question.flag.source.rules.length === 0 ? 'there are no rules' : 'no rule matched'
  const then = split ? split.sentence : `everybody else gets ${evaluation.variant}`
  const last = outcome === undefined ? `${then}, so it gets ${evaluation.variant}` : then
  walk.steps.push({ kind: 'fallthrough', split, sentence: `${who}; ${last}` })
  return evaluation
}

function walkFlag(question: Question, steps: ExplanationStep[]): Evaluation {
  const { flag, parts, context, now } = question
  for (const link of parts.prerequisites) {
    const failure = link.failure(context, now)
    steps.push(explainPrerequisite(link, failure !== undefined, question))
    if (failure) return failure
  }
  const walk: Walk = { steps, held: 0, missing: 0 }
  const rules = new Map(parts.rules.map(rule => [rule.index, rule]))
  for (const [index, source] of flag.source.rules.entries()) {
    const rule = rules.get(index)
    if (rule === undefined) {
      steps.push(skippedStep(source, index, question))
      continue
    }
    const outcome = walkRule(rule, walk, question)
    if (outcome) return outcome.evaluation(walk.held, walk.missing)
  }
  return walkFallthrough(walk, question)
}

function conclude(evaluation: Evaluation, steps: readonly ExplanationStep[]): Explanation {
  const { flagKey, variant } = evaluation
  const last = steps.at(-1)?.sentence ?? ''
  const summary = variant === undefined ? `${flagKey} gives no value: ${last}` : `${flagKey} serves ${variant}: ${last}`
  return { evaluation, steps, summary }
}

function problemWords(snapshot: Snapshot, flagKey: FlagKey): string {
  const problems = snapshot.problems.filter(problem => problem.flagKey === flagKey)
  return problems.map(({ path, message }) => `${path}: ${message}`).join('; ')
}

/**
 * Why a flag gives what it gives to a context. Takes the same arguments as `evaluate` and ends in the same evaluation.
 * Slower by far: for people, not for programs.
 */
export function explain(snapshot: Snapshot, flagKey: FlagKey, context: unknown, now: number): Explanation {
  const flag = snapshot.flags.get(flagKey)
  if (flag === undefined) {
    return conclude(snapshot.notFound(flagKey), [{ kind: 'not-found', sentence: `there is no flag "${flagKey}"` }])
  }
  try {
    return explainFlag({ snapshot, flag, now }, context)
  } catch {
    // What decides may have been read, even so.
    const sentence = 'the context cannot be read: a part of it throws an error when it is looked at'
    return conclude(flag.evaluate(context, now), [{ kind: 'invalid-context', sentence }])
  }
}

function explainFlag(asked: Pick<Question, 'snapshot' | 'flag' | 'now'>, context: unknown): Explanation {
  const { snapshot, flag, now } = asked
  const { parts } = flag
  if (parts === undefined) {
    const sentence = `the flag cannot be used: ${problemWords(snapshot, flag.key)}`
    return conclude(flag.evaluate(context, now), [{ kind: 'broken', sentence }])
  }
  if (!flag.on) return conclude(parts.off.evaluation(0, 0), [{ kind: 'off', sentence: 'the flag is off' }])
  if (!isObject(context)) {
    const sentence = `the context is ${valueWords(context)}, needed an object`
    return conclude(parts.invalidContext.evaluation(0, 0), [{ kind: 'invalid-context', sentence }])
  }
  const steps: ExplanationStep[] = []
  const evaluation = walkFlag({ ...asked, parts, context }, steps)
  return conclude(evaluation, steps)
}
