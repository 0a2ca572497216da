import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyContext, anyJson, anyNow, anyRuleset, FLAG_KEYS } from '../test/arbitraries.ts'
import { nativeRegex } from '../test/native-regex.ts'
import { anyHostile, anyTwins } from '../test/odd-contexts.ts'
import { referenceEvaluate } from '../test/reference.ts'
import {
  applyPatch,
  compile,
  diffRulesets,
  evaluate,
  explain,
  type Ruleset,
  validateFlag,
  validateRuleset,
} from './index.ts'

const HOST = { regex: nativeRegex }
const contexts = fc.array(anyContext, { minLength: 1, maxLength: 6 })

/** Hundreds of rulesets take longer than a test usually may where the machine is busy. */
const PATIENT = { timeout: 60_000 }

describe('for any valid ruleset', PATIENT, () => {
  it('validating finds nothing and compiling has no problems', () => {
    fc.assert(
      fc.property(anyRuleset, ruleset => {
        expect(validateRuleset(ruleset, HOST)).toEqual([])
        expect(compile(ruleset, HOST).problems).toEqual([])
        for (const flag of Object.values(ruleset.flags)) expect(validateFlag(flag, ruleset, HOST)).toEqual([])
      }),
    )
  })

  it('compile then evaluate equals the reference interpreter', () => {
    fc.assert(
      fc.property(anyRuleset, contexts, anyNow, (ruleset, some, now) => {
        const snapshot = compile(ruleset, HOST)
        const questions = FLAG_KEYS.flatMap(key => some.map(context => ({ key, context })))
        expect(questions.map(({ key, context }) => evaluate(snapshot, key, context, now))).toEqual(
          questions.map(({ key, context }) => referenceEvaluate(ruleset, key, context, now)),
        )
      }),
      { numRuns: 200 },
    )
  })

  it('explain ends in the same evaluation, in the step that decided', () => {
    fc.assert(
      fc.property(anyRuleset, anyContext, anyNow, (ruleset, context, now) => {
        const snapshot = compile(ruleset, HOST)
        for (const key of FLAG_KEYS) {
          const { evaluation, steps } = explain(snapshot, key, context, now)
          expect(evaluation).toBe(evaluate(snapshot, key, context, now))
          const { reason } = evaluation
          const last = steps.at(-1)
          expect(last?.kind).toBe(reason.kind === 'prerequisite-failed' ? 'prerequisite' : reason.kind)
          if (reason.kind === 'rule') expect(last).toMatchObject({ index: reason.index, matched: true })
        }
      }),
      { numRuns: 200 },
    )
  })

  it('the order of attributes never matters', () => {
    fc.assert(
      fc.property(anyRuleset, anyContext, anyNow, (ruleset, context, now) => {
        const snapshot = compile(ruleset, HOST)
        const turned = Object.fromEntries(Object.entries(context).reverse())
        for (const key of FLAG_KEYS)
          expect(evaluate(snapshot, key, turned, now)).toBe(evaluate(snapshot, key, context, now))
      }),
    )
  })

  it('only what a context has of its own counts, whatever it inherits and however it is made', () => {
    fc.assert(
      fc.property(anyRuleset, anyTwins, anyNow, (ruleset, [context, twin], now) => {
        const snapshot = compile(ruleset, HOST)
        for (const key of FLAG_KEYS) {
          const evaluation = evaluate(snapshot, key, twin, now)
          expect(evaluation).toEqual(referenceEvaluate(ruleset, key, context, now))
          expect(explain(snapshot, key, twin, now).evaluation).toBe(evaluation)
        }
      }),
      { numRuns: 100 },
    )
  })

  it('nothing throws where a context throws when it is read: what it takes to decide was read, or the context is invalid', () => {
    let invalid = 0
    fc.assert(
      fc.property(anyRuleset, anyHostile, anyNow, (ruleset, [context, hostile], now) => {
        const snapshot = compile(ruleset, HOST)
        for (const key of FLAG_KEYS) {
          const evaluation = evaluate(snapshot, key, hostile, now)
          const { reason } = evaluation
          if (reason.kind === 'error' && reason.code === 'invalid-context') invalid++
          else expect(evaluation).toEqual(referenceEvaluate(ruleset, key, context, now))
          expect(explain(snapshot, key, hostile, now).evaluation).toBe(evaluation)
        }
      }),
    )
    expect(invalid).toBeGreaterThan(0)
  })

  it('nothing throws, whatever JSON arrives as context', () => {
    fc.assert(
      fc.property(anyRuleset, anyJson, anyNow, (ruleset, context, now) => {
        const snapshot = compile(ruleset, HOST)
        for (const key of [...FLAG_KEYS, '__proto__', '']) {
          expect(explain(snapshot, key, context, now).evaluation).toBe(evaluate(snapshot, key, context, now))
        }
      }),
    )
  })

  it('diff then apply is the identity, also through JSON', () => {
    fc.assert(
      fc.property(anyRuleset, anyRuleset, (before, after) => {
        const patch = JSON.parse(JSON.stringify(diffRulesets(before, after))) as ReturnType<typeof diffRulesets>
        expect(applyPatch(before, patch)).toEqual(JSON.parse(JSON.stringify(after)))
      }),
    )
  })

  it('writing and reading it as JSON changes nothing', () => {
    fc.assert(
      fc.property(anyRuleset, anyContext, anyNow, (ruleset, context, now) => {
        const again = compile(JSON.parse(JSON.stringify(ruleset)) as Ruleset, HOST)
        for (const key of FLAG_KEYS) {
          expect(evaluate(again, key, context, now)).toEqual(evaluate(compile(ruleset, HOST), key, context, now))
        }
      }),
    )
  })
})

describe('for any JSON in place of flags and segments', PATIENT, () => {
  const damaged = fc
    .tuple(
      anyRuleset,
      fc.dictionary(fc.constantFrom('one', 'two', 'odd'), fc.jsonValue()),
      fc.dictionary(fc.constantFrom('pilots', 'odd'), fc.jsonValue()),
    )
    .map(
      ([ruleset, flags, segments]) =>
        ({
          ...ruleset,
          flags: { ...ruleset.flags, ...flags },
          segments: { ...ruleset.segments, ...segments },
        }) as unknown as Ruleset,
    )

  /** A ruleset in which one thing, anywhere in its flags, is something else. */
  const scratched = fc
    .tuple(anyRuleset, fc.nat(), fc.constantFrom<unknown>(null, '', 'x', -1, 7, true, [], {}, ['x', 7], undefined))
    .map(([ruleset, pick, odd]) => {
      const copy = structuredClone(ruleset) as unknown as { readonly flags: object }
      const places: (readonly [object, string])[] = []
      const collect = (value: unknown): void => {
        if (typeof value !== 'object' || value === null) return
        for (const [key, part] of Object.entries(value)) {
          places.push([value, key])
          collect(part)
        }
      }
      collect(copy.flags)
      const [holder, key] = places[pick % places.length] ?? [{}, '']
      Object.assign(holder, { [key]: odd })
      return copy as unknown as Ruleset
    })

  it('a flag that waits for its first evaluation has nothing to report then', () => {
    fc.assert(
      fc.property(fc.oneof(damaged, scratched), anyContext, anyNow, (ruleset, context, now) => {
        const snapshot = compile(ruleset, HOST)
        const before = [...snapshot.problems]
        for (const flag of snapshot.flags.values()) {
          flag.evaluate(context, now)
          expect(flag.on).toBe(flag.parts !== undefined && flag.source.on)
        }
        expect(snapshot.problems).toEqual(before)
      }),
      { numRuns: 300 },
    )
  })

  it('compiling and evaluating never throw, and validating finds at least what compiling does', () => {
    fc.assert(
      fc.property(damaged, anyContext, anyNow, (ruleset, context, now) => {
        const snapshot = compile(ruleset, HOST)
        for (const key of snapshot.flagKeys()) {
          expect(explain(snapshot, key, context, now).evaluation).toEqual(evaluate(snapshot, key, context, now))
        }
        expect(validateRuleset(ruleset, HOST)).toEqual(
          expect.arrayContaining(snapshot.problems.map(({ path, code, message }) => ({ path, code, message }))),
        )
      }),
    )
  })
})
