// @ts-check
import { compile, evaluate } from '@dimmer/engine'

/** @import { Condition, Flag, Ruleset } from '@dimmer/engine' */

const plans = ['free', 'team', 'business', 'enterprise']
const countries = ['US', 'GB', 'DE', 'FR', 'NL', 'SE', 'JP']
const rulesEach = 5

/** @type {readonly ((index: number) => Condition)[]} one for each rule of a flag */
const conditions = [
  index => ({
    all: [
      { attribute: 'plan', op: 'equals', value: plans[index % 4] ?? '' },
      { attribute: 'country', op: 'in', value: [countries[index % 7] ?? '', 'US'] },
    ],
  }),
  index => ({ attribute: 'seats', op: 'gte', value: index % 300 }),
  index => ({ attribute: 'email', op: 'emailDomain', value: `company-${index}.example` }),
  index => ({
    any: [
      { attribute: 'role', op: 'equals', value: 'admin' },
      { not: { attribute: 'appVersion', op: 'semverLt', value: `2.${index % 9}.0` } },
    ],
  }),
  () => ({ attribute: 'accountCreatedAt', op: 'olderThan', value: 'P30D' }),
]

/**
 * Flags of five rules each, of which some have a share, as text: each run reads it anew, as an SDK does.
 * @param {number} flags
 */
export function rulesetText(flags) {
  const made = Array.from({ length: flags }, (_, index) => {
    /** @type {Flag} */
    const flag = {
      key: `flag-${index}`,
      type: 'boolean',
      variants: { on: true, off: false },
      salt: `salt-of-flag-${index}`,
      version: 1,
      on: true,
      offVariant: 'off',
      prerequisites: [],
      rules: Array.from({ length: rulesEach }, (_, place) => ({
        id: `rule-${place}`,
        when: conditions[place]?.(index) ?? { all: [] },
        ...(place % 2 === 0 ? {} : { share: { unit: 'account', percent: (index % 20) * 5 } }),
        serve: { variant: 'on' },
      })),
      fallthrough: { variant: 'off' },
    }
    return /** @type {const} */ ([flag.key, flag])
  })
  /** @type {Ruleset} */
  const ruleset = {
    schema: 1,
    project: 'invoicing',
    environment: 'production',
    version: 1,
    flags: Object.fromEntries(made),
    segments: {},
    units: {},
  }
  return JSON.stringify(ruleset)
}

/** CPU time of the whole process: its compiler and collector of garbage work beside. */
const cpuMs = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

const context = {
  accountId: 'acc-1',
  plan: 'free',
  country: 'US',
  seats: 3,
  email: 'a@company-7.example',
  role: 'owner',
}

/**
 * @param {number} flags
 * @returns {{ compileMs: number, firstMs: number }} the compiling alone, and the first evaluation of every flag after it
 */
export function timed(flags) {
  /** @type {Ruleset} */
  const ruleset = JSON.parse(rulesetText(flags))
  const start = cpuMs()
  const snapshot = compile(ruleset)
  const compiled = cpuMs()
  if (snapshot.problems.length > 0) throw new Error(snapshot.problems[0]?.message)
  for (const key of snapshot.flagKeys()) evaluate(snapshot, key, context, Date.UTC(2026, 0, 15))
  return { compileMs: compiled - start, firstMs: cpuMs() - compiled }
}

/** Heap in use, after everything that can be collected was. */
const heap = () => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

/**
 * What a flag takes beside its JSON objects. Needs `--expose-gc`.
 * @param {number} flags
 * @returns {{ sourceBytes: number, compiledBytes: number, evaluatedBytes: number }}
 */
export function perFlag(flags) {
  const text = rulesetText(flags)
  const start = heap()
  /** @type {Ruleset} */
  const ruleset = JSON.parse(text)
  const read = heap()
  const snapshot = compile(ruleset)
  const compiled = heap()
  for (const key of snapshot.flagKeys()) evaluate(snapshot, key, context, Date.UTC(2026, 0, 15))
  const evaluated = heap()
  // Used once more, or it would be collected before.
  if (snapshot.problems.length + text.length === 0) throw new Error('nothing was measured')
  return {
    sourceBytes: (read - start) / flags,
    compiledBytes: (compiled - read) / flags,
    evaluatedBytes: (evaluated - read) / flags,
  }
}
