// @ts-check
/** What is asked, in no vendor's words: each contender says it in its own. */
import { listOf, threeAccounts } from './subjects.mjs'

/** @typedef {'equals' | 'in' | 'gte' | 'lt' | 'endsWith' | 'semverGt' | 'inCidr' | 'matches'} Op */
/**
 * @typedef {readonly [op: 'equals', attribute: string, value: string] | readonly [op: 'in', attribute: string, value: readonly string[]]
 *   | readonly [op: 'gte' | 'lt', attribute: string, value: number] | readonly [op: 'endsWith' | 'semverGt' | 'matches', attribute: string, value: string]
 *   | readonly [op: 'inCidr', attribute: string, value: readonly string[]]} Test
 */
/** @typedef {readonly Test[]} Rule all of its tests must hold */
/**
 * @typedef {object} Case a flag that is yes for those for whom one of the rules holds, or whom it deals in
 * @property {string} title
 * @property {readonly [low: number, high: number]} yes the share of the subjects that must get yes
 * @property {boolean} [on] false: off for everybody
 * @property {number} [share] percent of accounts
 * @property {number} [split] percent of users that get the first of two texts
 * @property {readonly Rule[]} [rules]
 * @property {() => readonly string[]} [list] accounts that are in, long
 * @property {readonly string[]} [chain] flags that must be on, each the one before it: the last one has `rules`
 */

/** @type {Rule} */
const freeInUsOrGb = [
  ['equals', 'plan', 'free'],
  ['in', 'country', ['US', 'GB']],
]

const smallCountries = 'AT BE BG CH CY CZ DK EE ES FI GR HR HU IE IT LT LU LV MT'.split(' ')

/** @type {readonly Rule[]} */
const byCountry = [
  ...smallCountries.map(
    country =>
      /** @type {Rule} */ ([
        ['equals', 'country', country],
        ['in', 'plan', ['business', 'enterprise']],
      ]),
  ),
  [
    ['in', 'country', ['US', 'GB', 'DE']],
    ['in', 'plan', ['business', 'enterprise']],
  ],
]

/**
 * Rules of five kinds for nobody, which take from one test to two to find that out.
 * @type {readonly ((index: number) => Rule)[]}
 */
const mixedKinds = [
  index => [
    ['equals', 'plan', 'free'],
    ['equals', 'country', smallCountries[index] ?? ''],
  ],
  index => [['gte', 'seats', 1_000 + index]],
  index => [['endsWith', 'email', `@partner-${index}.example`]],
  index => [['in', 'role', [`auditor-${index}`, `reviewer-${index}`]]],
  () => [
    ['equals', 'plan', 'enterprise'],
    ['lt', 'seats', 1],
  ],
]

/** @type {readonly Rule[]} */
const mixed = [
  ...Array.from({ length: 19 }, (_, index) => mixedKinds[index % 5]?.(index) ?? []),
  [['in', 'plan', ['business', 'enterprise']]],
]

export const cases = /** @satisfies {Record<string, Case>} */ ({
  kill: { title: 'kill', yes: [0, 0], on: false },
  share: { title: '5 % of accounts', yes: [0.03, 0.07], share: 5 },
  split: { title: 'A/B by user', yes: [0.45, 0.55], split: 50 },
  rule: { title: 'plan and country', yes: [0.05, 0.1], rules: [freeInUsOrGb] },
  three: { title: '3 accounts', yes: [0.0005, 0.01], rules: [[['in', 'accountId', threeAccounts]]] },
  list: { title: 'list of 10,000', yes: [0.08, 0.12], list: () => listOf(10_000) },
  million: { title: 'list of 1,000,000', yes: [0.08, 0.12], list: () => listOf(1_000_000) },
  countries: { title: '20 rules by country, the last matches', yes: [0.15, 0.3], rules: byCountry },
  mixed: { title: '20 rules of 5 kinds, the last matches', yes: [0.4, 0.6], rules: mixed },
  chain: {
    title: 'chain of 5 prerequisites',
    yes: [0.2, 0.3],
    chain: ['step-1', 'step-2', 'step-3', 'step-4', 'step-5'],
    rules: [[['equals', 'plan', 'free']]],
  },
  semver: { title: 'semantic version', yes: [0.4, 0.6], rules: [[['semverGt', 'appVersion', '2.4.0']]] },
  cidr: { title: 'two IP ranges', yes: [0.4, 0.6], rules: [[['inCidr', 'ip', ['10.0.0.0/8', '192.168.0.0/16']]]] },
  regex: {
    title: 'regular expression',
    yes: [0.4, 0.6],
    rules: [[['matches', 'email', '^[a-z0-9]+\\.[0-9]+@example\\.(com|org)$']]],
  },
})

/** @typedef {keyof typeof cases} CaseName */

export const caseNames = /** @type {readonly CaseName[]} */ (Object.keys(cases))

/** The long list has processes of its own: nobody else's garbage collector should have to walk over it. */
export const groups = /** @type {readonly (readonly CaseName[])[]} */ ([
  caseNames.filter(name => name !== 'million'),
  ['million'],
])

/**
 * Those of the cases that a contender can say, by what they need.
 * @template T
 * @param {readonly CaseName[]} wanted
 * @param {(one: Case, name: CaseName) => T | undefined} say
 * @returns {Partial<Record<CaseName, T>>}
 */
export const said = (wanted, say) =>
  Object.fromEntries(
    wanted.flatMap(name => {
      const made = say(cases[name], name)
      return made === undefined ? [] : [[name, made]]
    }),
  )

/** Fixed, so that nobody reads a clock that others don't. */
export const now = Date.UTC(2026, 0, 15)

/**
 * A flag's salt, chosen so that what comes before the id is whole 4-byte blocks: the hand-written limit may then
 * start from a state.
 */
export const salts = { share: 'sample-salt-for-pdf', split: 'salt-for-dash' }
