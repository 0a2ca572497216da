// @ts-check
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { peerName, requirePeer } from '../../lib/peers.mjs'
import { cases, said } from '../cases.mjs'

/** @import { Case, CaseName, Rule, Test } from '../cases.mjs' */
/** @import { Contender } from '../contender.ts' */
/** @typedef {{ user: object, both: object }} Contexts of one kind, and of two where accounts are on a list */

const operators = {
  equals: 'in',
  in: 'in',
  gte: 'greaterThanOrEqual',
  lt: 'lessThan',
  endsWith: 'endsWith',
  semverGt: 'semVerGreaterThan',
  matches: 'matches',
}

/**
 * @param {Test} test
 * @returns {object | undefined} it has no ranges of addresses
 */
function clauseOf([op, attribute, value]) {
  if (op === 'inCidr') return undefined
  const values = Array.isArray(value) ? value : [value]
  return { contextKind: 'user', attribute, op: operators[op], values, negate: false }
}

/** @param {readonly Rule[]} rules */
function rulesOf(rules) {
  const made = rules.map(rule => rule.map(clauseOf))
  if (made.flat().includes(undefined)) return undefined
  return made.map((clauses, index) => ({ id: `r${index}`, clauses, variation: 0 }))
}

/**
 * @param {string} key
 * @param {object} parts
 */
const flag = (key, parts) => ({
  key,
  version: 1,
  salt: key,
  on: true,
  offVariation: 1,
  variations: [true, false],
  fallthrough: { variation: 1 },
  targets: [],
  prerequisites: [],
  rules: [],
  ...parts,
})

/**
 * @param {number} percent
 * @param {string} bucketBy
 */
const rollout = (percent, bucketBy) => ({
  rollout: {
    contextKind: 'user',
    bucketBy,
    variations: [
      { variation: 0, weight: percent * 1_000 },
      { variation: 1, weight: (100 - percent) * 1_000 },
    ],
  },
})

/** @param {string | undefined} key of the flag that must be on */
const needing = key => ({ prerequisites: [{ key, variation: 0 }], fallthrough: { variation: 0 } })

/**
 * @param {Case} one
 * @param {CaseName} name
 */
function flagOf({ on, share, split, rules = [], list, chain }, name) {
  if (on === false) return flag(name, { on: false })
  if (share !== undefined) return flag(name, { fallthrough: rollout(share, 'accountId') })
  if (split !== undefined)
    return flag(name, { variations: ['redesigned', 'classic'], fallthrough: rollout(split, 'key') })
  if (chain !== undefined) return flag(name, needing(chain[0]))
  const inSegment = { contextKind: 'user', attribute: '', op: 'segmentMatch', values: [name], negate: false }
  const made = list === undefined ? rulesOf(rules) : [{ id: 'listed', clauses: [inSegment], variation: 0 }]
  return made && flag(name, { rules: made })
}

/** @param {readonly CaseName[]} names */
function dataOf(names) {
  const links = names.includes('chain') ? cases.chain.chain : []
  const chain = links.map((key, index) => {
    const next = links[index + 1]
    return [key, flag(key, next === undefined ? { rules: rulesOf(cases.chain.rules) } : needing(next))]
  })
  const segments = said(names, ({ list }, key) => {
    if (list === undefined) return undefined
    const includedContexts = [{ contextKind: 'account', values: list() }]
    return { key, version: 1, salt: key, included: [], excluded: [], includedContexts, rules: [] }
  })
  return { flags: { ...said(names, flagOf), ...Object.fromEntries(chain) }, segments }
}

/**
 * @param {readonly CaseName[]} names
 * @returns {Promise<Contender>}
 */
export async function load(names) {
  // Its SDK overflows the stack when it reads a list of a million.
  const data = dataOf(names.filter(name => name !== 'million'))
  const { init, basicLogger } = requirePeer('@launchdarkly/node-server-sdk')
  const { FileDataSourceFactory } = requirePeer('@launchdarkly/node-server-sdk/integrations')
  const file = join(mkdtempSync(join(tmpdir(), 'launchdarkly-')), 'flags.json')
  writeFileSync(file, JSON.stringify(data))
  const client = init('sdk-bench', {
    updateProcessor: new FileDataSourceFactory({ paths: [file] }).getFactory(),
    sendEvents: false,
    diagnosticOptOut: true,
    logger: basicLogger({ level: 'none' }),
  })
  await client.waitForInitialization({ timeout: 60 })
  return {
    name: `${peerName('@launchdarkly/node-server-sdk').replace('node-server-sdk', 'launchdarkly')} (async)`,
    isAsync: true,
    contextOf: ({ userId, ...attributes }) => ({
      user: { kind: 'user', key: userId, ...attributes },
      both: { kind: 'multi', user: { key: userId }, account: { key: attributes.accountId } },
    }),
    ask: said(names, ({ split, list }, name) => {
      if (!Object.hasOwn(data.flags, name)) return undefined
      if (list !== undefined) return (/** @type {Contexts} */ { both }) => client.boolVariation(name, both, false)
      return split === undefined
        ? (/** @type {Contexts} */ { user }) => client.boolVariation(name, user, false)
        : async (/** @type {Contexts} */ { user }) =>
            (await client.stringVariation(name, user, 'classic')) === 'redesigned'
    }),
  }
}
