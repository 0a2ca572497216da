import { type Attributes, isObject } from './attributes.ts'
import { MAX_CONDITION_DEPTH } from './conditions.ts'
import { counted } from './counted.ts'
import { hashScheme } from './hash-schemes/index.ts'
import { parseInstant } from './instants.ts'
import type { Flag, FlagType, Json, Rule, Segment, Serve, Share } from './model.ts'
import { type OperatorDefinition, operatorDefinition } from './operators.ts'
import type { Report } from './problem.ts'
import { isBuiltInUnit } from './units.ts'

/**
 * What a ruleset must be when somebody writes it. `compile` is more forgiving (it makes the best of what arrives), so
 * nothing here repeats what it reports.
 */

const KEY = /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,99}$/
const KEY_RULE = '1 to 100 letters, digits, dots, dashes and underscores, beginning with a letter or a digit'
const MOST_PATH_CHARACTERS = 200
/** In the list of one test. */
const MOST_VALUES = 100_000
/** Of a text that an attribute is compared with, and of an id. */
const MOST_TEXT_CHARACTERS = 10_000
/** In one list of a segment. */
const MOST_IDS = 2_000_000
/** Of ranges and regular expressions, which are tried one by one. */
const MOST_PATTERNS = 1_000
const MOST_WEIGHT = 1_000_000_000

function checkKey(key: string, path: string, report: Report): void {
  if (!KEY.test(key)) report(path, 'invalid-key', `"${key}" cannot be a key: use ${KEY_RULE}`)
}

function checkOwnKey(own: unknown, key: string, report: Report): void {
  if (own !== key) report('key', 'invalid-key', `is filed under "${key}", so its key must be "${key}"`)
}

const VALUE_CHECKS: Readonly<Record<FlagType, (value: Json) => boolean>> = {
  boolean: value => typeof value === 'boolean',
  string: value => typeof value === 'string',
  number: value => typeof value === 'number' && Number.isFinite(value),
  json: value => value !== undefined,
}

function checkVariants(flag: Flag, report: Report): void {
  for (const [key, value] of Object.entries(flag.variants)) {
    checkKey(key, `variants.${key}`, report)
    if (VALUE_CHECKS[flag.type](value)) continue
    report(`variants.${key}`, 'invalid-value', `must be a ${flag.type}, as the flag is of type ${flag.type}`)
  }
}

function checkRuleIds(flag: Flag, report: Report): void {
  const seen = new Set<string>()
  flag.rules.forEach(({ id }, index) => {
    checkKey(id, `rules[${index}].id`, report)
    if (seen.has(id)) report(`rules[${index}].id`, 'duplicate-rule', `there is another rule with the id "${id}"`)
    seen.add(id)
  })
}

function checkShare(share: Share, path: string, report: Report): void {
  const step = hashScheme(share.hash?.scheme ?? 'murmur3')?.step ?? 0.001
  const steps = share.percent / step
  if (Math.abs(steps - Math.round(steps)) > 1e-6) {
    report(`${path}.percent`, 'invalid-percent', `${share.percent} is too fine: percentages go in steps of ${step}`)
  }
}

function checkSchedule({ from, until }: Rule, path: string, report: Report): void {
  if (from === undefined || until === undefined || !(parseInstant(from) >= parseInstant(until))) return
  report(`${path}.until`, 'invalid-value', `${until} is not after ${from}: the rule would never be in force`)
}

function checkServe(serve: Serve, path: string, report: Report): void {
  if (!('split' in serve)) return
  if ('variant' in serve) report(path, 'invalid-shape', 'serves a variant or a split, not both')
  serve.split.arms.forEach(({ weight }, index) => {
    if (weight > MOST_WEIGHT) {
      report(`${path}.split.arms[${index}].weight`, 'invalid-weights', `must be ${counted(MOST_WEIGHT)} at most`)
    }
  })
}

function checkQuantifiers(test: Attributes, definition: OperatorDefinition, path: string, report: Report): void {
  if (test.elements !== undefined && definition.over === 'whole') {
    report(`${path}.elements`, 'invalid-operand', `"${test.op}" does not take elements`)
  }
  if (test.values !== undefined && !definition.takesList) {
    report(`${path}.values`, 'invalid-operand', `"${test.op}" takes one value, not several`)
  }
}

function isTooLong(value: unknown): boolean {
  return typeof value === 'string' && value.length > MOST_TEXT_CHARACTERS
}

function checkTest(test: Attributes, path: string, report: Report): void {
  const { attribute, op, value, ignoreCase } = test
  const definition = typeof op === 'string' ? operatorDefinition(op) : undefined
  if (typeof attribute === 'string' && attribute.length > MOST_PATH_CHARACTERS) {
    report(`${path}.attribute`, 'too-large', `must be ${MOST_PATH_CHARACTERS} characters at most`)
  }
  if (definition) checkQuantifiers(test, definition, path, report)
  const most = op === 'inCidr' || op === 'matches' ? MOST_PATTERNS : MOST_VALUES
  if (Array.isArray(value) && value.length > most) {
    report(`${path}.value`, 'too-large', `may have ${counted(most)} values at most; put longer lists into a segment`)
  }
  if (isTooLong(value) || (Array.isArray(value) && value.some(isTooLong))) {
    report(`${path}.value`, 'too-large', `a text may have ${counted(MOST_TEXT_CHARACTERS)} characters at most`)
  }
  if (ignoreCase === undefined) return
  if (typeof ignoreCase !== 'boolean') report(`${path}.ignoreCase`, 'invalid-shape', 'must be true or false')
  if (definition?.takesIgnoreCase !== false || ignoreCase === false) return
  report(`${path}.ignoreCase`, 'invalid-operand', `"${op}" does not take ignoreCase`)
}

const CONDITION_KINDS = ['all', 'any', 'not', 'segment', 'attribute']

function checkCondition(condition: unknown, path: string, report: Report, depth: number = 1): void {
  if (!isObject(condition) || depth > MAX_CONDITION_DEPTH) return
  if (CONDITION_KINDS.filter(kind => Object.hasOwn(condition, kind)).length > 1) {
    report(path, 'invalid-shape', 'has to be one thing: "all", "any", "not", "segment" or a test')
  }
  for (const kind of ['all', 'any']) {
    const parts: unknown = condition[kind]
    if (!Array.isArray(parts)) continue
    parts.forEach((part, index) => void checkCondition(part, `${path}.${kind}[${index}]`, report, depth + 1))
  }
  checkCondition(condition.not, `${path}.not`, report, depth + 1)
  checkTest(condition, path, report)
}

/** Checks a flag that has the shape of one, its conditions aside. */
export function checkFlag(flag: Flag, key: string, report: Report): void {
  checkKey(key, 'key', report)
  checkOwnKey(flag.key, key, report)
  if (flag.salt === '') report('salt', 'invalid-value', 'must not be empty')
  if (!Number.isSafeInteger(flag.version) || flag.version < 0) {
    report('version', 'invalid-value', 'must be a whole number, 0 or more')
  }
  checkVariants(flag, report)
  checkRuleIds(flag, report)
  flag.prerequisites.forEach(({ variants }, index) => {
    if (variants.length > 0) return
    report(`prerequisites[${index}].variants`, 'invalid-value', 'needs at least one variant, or it can never be met')
  })
  flag.rules.forEach((rule, index) => {
    checkCondition(rule.when, `rules[${index}].when`, report)
    checkSchedule(rule, `rules[${index}]`, report)
    if (rule.share) checkShare(rule.share, `rules[${index}].share`, report)
    checkServe(rule.serve, `rules[${index}].serve`, report)
  })
  checkServe(flag.fallthrough, 'fallthrough', report)
}

function checkIds(ids: unknown, path: string, report: Report): void {
  if (!Array.isArray(ids)) return
  if (ids.length > MOST_IDS) {
    report(path, 'too-large', `may have ${counted(MOST_IDS)} ids at most`)
    return
  }
  if (ids.includes('')) report(path, 'invalid-value', 'must not contain an empty id')
  if (ids.some(isTooLong))
    report(path, 'too-large', `an id may have ${counted(MOST_TEXT_CHARACTERS)} characters at most`)
}

/** Checks a segment that came as JSON, as far as `compile` doesn't. */
export function checkSegment(segment: Segment, key: string, report: Report): void {
  if (!isObject(segment)) return
  checkKey(key, 'key', report)
  checkOwnKey(segment.key, key, report)
  checkCondition(segment.when, 'when', report)
  checkIds(segment.list?.ids, 'list.ids', report)
  checkIds(segment.exclude?.ids, 'exclude.ids', report)
}

/** Checks a custom unit. */
export function checkUnit(unit: string, attribute: unknown, report: Report): void {
  checkKey(unit, unit, report)
  if (isBuiltInUnit(unit)) report(unit, 'invalid-key', `"${unit}" is a built-in unit; choose another name`)
  if (typeof attribute === 'string' && attribute !== '' && attribute.length <= MOST_PATH_CHARACTERS) return
  report(unit, 'invalid-value', `must be the path of an attribute, 1 to ${MOST_PATH_CHARACTERS} characters`)
}
