// @ts-check

import { peerName, requirePeer } from '../../lib/peers.mjs'
import { cases, said } from '../cases.mjs'

/** @import { Case, CaseName, Rule, Test } from '../cases.mjs' */
/** @import { Contender } from '../contender.ts' */

/** The comparators of config JSON v6, and the field that holds what is compared with. */
const comparators = {
  in: { c: 0, field: 'l' },
  semverGt: { c: 8, field: 's' },
  lt: { c: 12, field: 'd' },
  gte: { c: 15, field: 'd' },
  equals: { c: 28, field: 's' },
  endsWith: { c: 32, field: 'l' },
}

/**
 * @param {Test} test
 * @returns {object | undefined} it has no ranges of addresses and no regular expressions
 */
function conditionOf([op, attribute, value]) {
  if (op === 'inCidr' || op === 'matches') return undefined
  const { c, field } = comparators[op]
  return { u: { a: attribute, c, [field]: op === 'endsWith' ? [value] : value } }
}

const yes = { v: { b: true } }

/** @param {readonly Rule[]} rules */
function rulesOf(rules) {
  const made = rules.map(rule => rule.map(conditionOf))
  return made.flat().includes(undefined) ? undefined : made.map(c => ({ c, s: yes }))
}

/** @param {string | undefined} f of the setting that must be on */
const needing = f => [{ c: [{ p: { f, c: 0, v: { b: true } } }], s: yes }]

/** @param {Case} one */
function settingOf({ on, share, split, rules = [], list, chain }) {
  if (on === false) return { t: 0, v: { b: false } }
  if (share !== undefined) {
    return {
      t: 0,
      v: { b: false },
      a: 'accountId',
      p: [
        { p: share, ...yes },
        { p: 100 - share, v: { b: false } },
      ],
    }
  }
  if (split !== undefined) {
    const p = [
      { p: split, v: { s: 'redesigned' } },
      { p: 100 - split, v: { s: 'classic' } },
    ]
    return { t: 1, v: { s: 'classic' }, a: 'Identifier', p }
  }
  const listed = list && rulesOf([[['in', 'accountId', list()]]])
  const r = listed ?? (chain === undefined ? rulesOf(rules) : needing(chain[0]))
  return r && { t: 0, v: { b: false }, r }
}

/** @param {readonly CaseName[]} names */
function configOf(names) {
  const links = names.includes('chain') ? cases.chain.chain : []
  const chain = links.map((key, index) => {
    const next = links[index + 1]
    return [key, { t: 0, v: { b: false }, r: next === undefined ? rulesOf(cases.chain.rules) : needing(next) }]
  })
  const settings = said(names, settingOf)
  return {
    p: { u: 'https://127.0.0.1', r: 0, s: 'bench-salt' },
    s: [],
    f: { ...settings, ...Object.fromEntries(chain) },
  }
}

/** @typedef {{ identifier: string, email: string, country: string, custom: Readonly<Record<string, string | number>> }} User */

/**
 * @param {readonly CaseName[]} names
 * @returns {Promise<Contender>}
 */
export async function load(names) {
  const { getClient, PollingMode } = requirePeer('configcat-node')
  const config = configOf(names)
  const cached = `${Date.now()}\netag\n${JSON.stringify(config)}`
  const client = getClient('configcat-sdk-1/1234567890123456789012/1234567890123456789012', PollingMode.ManualPoll, {
    cache: { get: () => cached, set: () => undefined },
    offline: true,
    logger: { log: () => undefined, isEnabled: () => false, level: -1 },
  })
  await client.forceRefreshAsync()
  const snapshot = client.snapshot()
  if (snapshot.getAllKeys().length === 0) throw new Error('ConfigCat has no settings')
  return {
    name: peerName('configcat-node'),
    contextOf: ({ userId, email, country, ...custom }) => ({
      identifier: userId,
      email,
      country,
      // Under the names that the rules use; ConfigCat's own begin with capitals.
      custom: { ...custom, userId, email, country },
    }),
    ask: said(names, ({ split }, name) => {
      if (!Object.hasOwn(config.f, name)) return undefined
      return split === undefined
        ? (/** @type {User} */ user) => snapshot.getValue(name, false, user)
        : (/** @type {User} */ user) => snapshot.getValue(name, 'classic', user) === 'redesigned'
    }),
  }
}
