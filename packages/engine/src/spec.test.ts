import { describe, expect, it } from 'vitest'
import { nativeRegex } from '../test/native-regex.ts'
import { referenceEvaluate } from '../test/reference.ts'
import { expectedEvaluation, readSpec } from '../test/spec-cases.ts'
import { compile, evaluate, explain, validateRuleset } from './index.ts'

const files = readSpec()
const HOST = { regex: nativeRegex }

it('the specification has at least 600 cases', () => {
  expect(files.reduce((sum, file) => sum + file.cases.length, 0)).toBeGreaterThanOrEqual(600)
})

describe.each(files)('$name', file => {
  const snapshot = compile(file.ruleset, HOST)
  const isValid = validateRuleset(file.ruleset, HOST).length === 0

  it.each(file.cases)('$name', one => {
    const expected = expectedEvaluation(file, one)
    const now = Date.parse(one.now)
    const evaluation = evaluate(snapshot, one.flag, one.context, now)
    expect(evaluation).toEqual(expected)
    expect(explain(snapshot, one.flag, one.context, now).evaluation).toBe(evaluation)
    if (isValid) expect(referenceEvaluate(file.ruleset, one.flag, one.context, now)).toEqual(expected)
  })

  it('lists problems exactly when it does not validate', () => {
    expect(snapshot.problems.length > 0).toBe(!isValid)
    expect(isValid).toBe(!file.name.includes('partly wrong'))
  })
})
