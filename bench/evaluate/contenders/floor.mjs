// @ts-check
/** The hand-written limit: what one would write for exactly these five flags, with nothing that could change. */
import { namedAccounts, salts } from '../flags.mjs'

/** @import { Contender } from '../contender.ts' */
/** @import { Subject } from '../flags.mjs' */

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

const shares = new Map([
  ['new-pdf-engine', { state: stateAfter(sharePrefix), before: sharePrefix.length, limit: limitOf(5) }],
  ['redesigned-dashboard', { state: stateAfter(splitPrefix), before: splitPrefix.length, limit: limitOf(50) }],
])
const rules = new Map([['ai-chatbot', { plan: 'free', countries: new Set(['US', 'GB']) }]])
const lists = new Map([['bulk-invoice-api', new Set(namedAccounts)]])
const switches = new Map([['maintenance-mode', { on: false }]])

/** @returns {Promise<Contender>} */
export const load = async () => ({
  name: 'hand-written limit',
  contextOf: subject => subject,
  ask: {
    'new-pdf-engine': (/** @type {Subject} */ context) => {
      const share = shares.get('new-pdf-engine')
      return share !== undefined && murmur(context.accountId, share.state, share.before) < share.limit
    },
    'redesigned-dashboard': (/** @type {Subject} */ context) => {
      const split = shares.get('redesigned-dashboard')
      return split !== undefined && murmur(context.userId, split.state, split.before) < split.limit
    },
    'ai-chatbot': (/** @type {Subject} */ context) => {
      const rule = rules.get('ai-chatbot')
      return rule !== undefined && context.plan === rule.plan && rule.countries.has(context.country)
    },
    'bulk-invoice-api': (/** @type {Subject} */ context) =>
      lists.get('bulk-invoice-api')?.has(context.accountId) === true,
    'maintenance-mode': () => switches.get('maintenance-mode')?.on === true,
  },
})
