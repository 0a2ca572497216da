// @ts-check
/** The hand-written limit: what one would write for exactly these cases, with nothing that could change. */
import { cases, said, salts } from '../cases.mjs'
import { threeAccounts } from '../subjects.mjs'

/** @import { CaseName } from '../cases.mjs' */
/** @import { Contender } from '../contender.ts' */
/** @import { Subject } from '../subjects.mjs' */

/** @param {number} block */
function scramble(block) {
  const k = Math.imul(block, 0xcc9e2d51)
  return Math.imul((k << 15) | (k >>> 17), 0x1b873593)
}

/**
 * Murmur3 x86 32 of ASCII text, going on from the state after `before` bytes, which fill whole blocks.
 * @param {string} text
 * @param {number} state
 * @param {number} before
 */
function murmur(text, state, before) {
  let h = state
  const whole = text.length & ~3
  for (let i = 0; i < whole; i += 4) {
    const block =
      text.charCodeAt(i) |
      (text.charCodeAt(i + 1) << 8) |
      (text.charCodeAt(i + 2) << 16) |
      (text.charCodeAt(i + 3) << 24)
    h ^= scramble(block)
    h = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0
  }
  let tail = 0
  for (let i = text.length - 1; i >= whole; i--) tail = (tail << 8) | text.charCodeAt(i)
  h ^= scramble(tail) ^ (before + text.length)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/**
 * The state after a prefix of whole blocks.
 * @param {string} prefix
 */
function stateAfter(prefix) {
  if (prefix.length % 4 !== 0) throw new Error(`"${prefix}" does not fill whole blocks`)
  let h = 0
  for (let i = 0; i < prefix.length; i += 4) {
    const [a = 0, b = 0, c = 0, d = 0] = Buffer.from(prefix.slice(i, i + 4))
    h ^= scramble(a | (b << 8) | (c << 16) | (d << 24))
    h = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0
  }
  return h
}

/**
 * The hash below which a percentage of all units lies.
 * @param {number} percent
 */
const limitOf = percent => Math.ceil((percent * 1000 * 2 ** 32) / 100_000)

const sharePrefix = `${salts.share}:`
const splitPrefix = `${salts.split}/split:`

/** Three numbers, and whether something comes before the release; versions in the cases have no more. */
const parts = new Int32Array(3)

/** @param {string} text */
function readVersion(text) {
  let part = 0
  let number = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 46) {
      parts[part++] = number
      number = 0
    } else number = number * 10 + code - 48
  }
  parts[part] = number
}

/** @param {string} text of four numbers */
function readAddress(text) {
  let address = 0
  let number = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 46) {
      address = (address << 8) | number
      number = 0
    } else number = number * 10 + code - 48
  }
  return (address << 8) | number
}

/** @param {Subject} context */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: the limit is one run of comparisons
function isInMixed({ plan, country, seats, email, role }) {
  if (switches.get('mixed')?.on !== true) return false
  if (plan === 'free' && country === 'AT') return true
  if (seats >= 1_001) return true
  if (email.endsWith('@partner-2.example')) return true
  if (role === 'auditor-3' || role === 'reviewer-3') return true
  if (plan === 'enterprise' && seats < 1) return true
  if (plan === 'free' && country === 'CY') return true
  if (seats >= 1_006) return true
  if (email.endsWith('@partner-7.example')) return true
  if (role === 'auditor-8' || role === 'reviewer-8') return true
  if (plan === 'enterprise' && seats < 1) return true
  if (plan === 'free' && country === 'FI') return true
  if (seats >= 1_011) return true
  if (email.endsWith('@partner-12.example')) return true
  if (role === 'auditor-13' || role === 'reviewer-13') return true
  if (plan === 'enterprise' && seats < 1) return true
  if (plan === 'free' && country === 'IT') return true
  if (seats >= 1_016) return true
  if (email.endsWith('@partner-17.example')) return true
  if (role === 'auditor-18' || role === 'reviewer-18') return true
  return plan === 'business' || plan === 'enterprise'
}

/** @type {ReadonlyMap<string, { state: number, before: number, limit: number }>} */
const shares = new Map([
  ['share', { state: stateAfter(sharePrefix), before: sharePrefix.length, limit: limitOf(5) }],
  ['split', { state: stateAfter(splitPrefix), before: splitPrefix.length, limit: limitOf(50) }],
])
const switches = new Map([
  ['kill', { on: false }],
  ['countries', { on: true }],
  ['mixed', { on: true }],
  ['semver', { on: true }],
  ['cidr', { on: true }],
])
const rules = new Map([['rule', { plan: 'free', countries: new Set(['US', 'GB']) }]])
/** @type {ReadonlyMap<string, string>} */
const links = new Map([
  ['chain', 'step-1'],
  ['step-1', 'step-2'],
  ['step-2', 'step-3'],
  ['step-3', 'step-4'],
  ['step-4', 'step-5'],
])
const paying = new Set(['business', 'enterprise'])
const byCountry = new Map(
  cases.countries.rules.flatMap(rule => rule[0]?.[2] ?? []).map(country => [country, { plans: paying }]),
)
const expressions = new Map([['regex', /^[a-z0-9]+\.[0-9]+@example\.(com|org)$/]])
/** @type {Map<CaseName, ReadonlySet<string>>} */
const lists = new Map([['three', new Set(threeAccounts)]])

/**
 * @param {CaseName} name
 * @returns {(context: Subject) => boolean}
 */
const isOnList = name => context => lists.get(name)?.has(context.accountId) === true

/** @type {Record<CaseName, (context: Subject) => boolean>} */
const ask = {
  kill: () => switches.get('kill')?.on === true,
  share: context => {
    const share = shares.get('share')
    return share !== undefined && murmur(context.accountId, share.state, share.before) < share.limit
  },
  split: context => {
    const split = shares.get('split')
    return split !== undefined && murmur(context.userId, split.state, split.before) < split.limit
  },
  rule: context => {
    const rule = rules.get('rule')
    return rule !== undefined && context.plan === rule.plan && rule.countries.has(context.country)
  },
  three: isOnList('three'),
  list: isOnList('list'),
  million: isOnList('million'),
  countries: context =>
    switches.get('countries')?.on === true && byCountry.get(context.country)?.plans.has(context.plan) === true,
  mixed: isInMixed,
  chain: context => {
    for (let link = links.get('chain'); link !== undefined; ) link = links.get(link)
    return context.plan === 'free'
  },
  semver: context => {
    if (switches.get('semver')?.on !== true) return false
    readVersion(context.appVersion)
    const [major = 0, minor = 0, patch = 0] = parts
    return major > 2 || (major === 2 && (minor > 4 || (minor === 4 && patch > 0)))
  },
  cidr: context => {
    if (switches.get('cidr')?.on !== true) return false
    const address = readAddress(context.ip)
    return (address & 0xff000000) === 0x0a000000 || (address & 0xffff0000) === (0xc0a80000 | 0)
  },
  regex: context => expressions.get('regex')?.test(context.email) === true,
}

/**
 * @param {readonly CaseName[]} names
 * @returns {Promise<Contender>}
 */
export async function load(names) {
  return {
    name: 'hand-written limit',
    contextOf: subject => subject,
    ask: said(names, ({ list }, name) => {
      if (list !== undefined) lists.set(name, new Set(list()))
      return ask[name]
    }),
  }
}
