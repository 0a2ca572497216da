import { attributeReader } from './attributes.ts'
import type { CompiledCondition } from './compiled-condition.ts'
import type { Test } from './model.ts'
import {
  type Comparison,
  type Matcher,
  type OperatorDefinition,
  operatorDefinition,
  type Quantifier,
} from './operators.ts'
import type { Report } from './problem.ts'
import type { RegexCompiler } from './regex.ts'
import { type Question, Step, valuePasses } from './step.ts'

type Compiled = CompiledCondition | undefined

/** Where problems go, and what the host brings. */
export interface TestScope {
  readonly report: Report
  /** Undefined when the host has none. */
  readonly regex: RegexCompiler | undefined
}

const QUANTIFIERS: readonly unknown[] = [undefined, 'any', 'all']

function hasShape(test: Test, path: string, scope: TestScope): boolean {
  if (typeof test.attribute !== 'string' || test.attribute === '' || typeof test.op !== 'string') {
    const message = 'a condition is "all", "any", "not", "segment", or a test with "attribute" and "op"'
    scope.report(path, 'invalid-shape', message)
    return false
  }
  for (const field of ['elements', 'values'] as const) {
    if (QUANTIFIERS.includes(test[field])) continue
    scope.report(`${path}.${field}`, 'invalid-operand', `"${field}" must be "any" or "all"`)
    return false
  }
  return true
}

function quantified(test: Test, definition: OperatorDefinition): OperatorDefinition['over'] {
  if (test.elements === undefined || definition.over === 'whole') return definition.over
  return test.elements === 'all' ? 'every' : 'any'
}

/** What a step asks of an attribute. Those that are not at the top, and what looks at arrays as a whole, read it themselves. */
function questionOf(attribute: string, over: Quantifier, check: Comparison | Matcher): Question {
  if (over !== 'whole' && !attribute.includes('.')) return { attribute, over, check }
  const read = attributeReader(attribute)
  if (over !== 'whole') {
    const step = new Step({ attribute, over, check })
    return (context, now) => valuePasses(step, read(context), now)
  }
  return typeof check === 'function' ? (context, now) => check(read(context), now) : () => false
}

function compileOperands(test: Test, definition: OperatorDefinition, path: string, scope: TestScope): Compiled {
  const options = { ignoreCase: test.ignoreCase === true, regex: scope.regex }
  const check = definition.compile(test.value, options)
  if (check === undefined) {
    scope.report(`${path}.value`, 'invalid-operand', `"${test.op}" needs ${definition.needs}`)
    return undefined
  }
  const over = quantified(test, definition)
  const checks =
    test.values === 'all' && Array.isArray(test.value)
      ? test.value.map(value => definition.compile([value], options)).filter(one => one !== undefined)
      : [check]
  const questions = checks.map(one => questionOf(test.attribute, over, one))
  return { kind: 'test', test, size: questions.length, questions }
}

/** Compiles one test. When something in it is wrong: undefined, and it is reported. */
export function compileTest(test: Test, path: string, scope: TestScope): Compiled {
  if (!hasShape(test, path, scope)) return undefined
  const definition = operatorDefinition(test.op)
  if (definition === undefined) {
    scope.report(`${path}.op`, 'unknown-operator', `"${test.op}" is not an operator that this version knows`)
    return undefined
  }
  if (test.op === 'matches' && scope.regex === undefined) {
    scope.report(`${path}.op`, 'no-regex-engine', '"matches" needs a regular expression engine, and there is none here')
    return undefined
  }
  return compileOperands(test, definition, path, scope)
}
