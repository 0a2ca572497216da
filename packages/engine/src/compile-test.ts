import { every } from './combine.ts'
import type { CompiledCondition } from './compiled-condition.ts'
import type { Test } from './model.ts'
import { type OperatorDefinition, operatorDefinition } from './operators.ts'
import type { Report } from './problem.ts'
import type { RegexCompiler } from './regex.ts'
import { testPredicate } from './test-predicate.ts'

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

/** The operands that must pass one by one: a list in parts when each of its values must. */
function operandsOf(test: Test): readonly Test['value'][] {
  return test.values === 'all' && Array.isArray(test.value) ? test.value.map(value => [value]) : [test.value]
}

function compileOperands(test: Test, definition: OperatorDefinition, path: string, scope: TestScope): Compiled {
  const options = { ignoreCase: test.ignoreCase === true, regex: scope.regex }
  if (definition.compile(test.value, options) === undefined) {
    scope.report(`${path}.value`, 'invalid-operand', `"${test.op}" needs ${definition.needs}`)
    return undefined
  }
  const over = quantified(test, definition)
  const matchers = operandsOf(test).map(operand => definition.compile(operand, options))
  const predicates = matchers
    .filter(matcher => matcher !== undefined)
    .map(matcher => testPredicate(test.attribute, over, matcher))
  return { kind: 'test', test, size: predicates.length, holds: every(predicates) }
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
