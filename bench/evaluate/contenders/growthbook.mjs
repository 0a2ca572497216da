// @ts-check

import { peerName, requirePeer } from '../../lib/peers.mjs'
import { cases, said } from '../cases.mjs'

/** @import { Case, CaseName, Rule, Test } from '../cases.mjs' */
/** @import { Contender } from '../contender.ts' */
/** @import { Subject } from '../subjects.mjs' */
/** @typedef {{ attributes: Subject }} UserContext */

/**
 * @param {Test} test
 * @returns {object | undefined} it has no ranges of addresses
 */
function conditionOf([op, attribute, value]) {
  switch (op) {
    case 'equals':
      return { [attribute]: value }
    case 'in':
      return { [attribute]: { $in: value } }
    case 'gte':
    case 'lt':
      return { [attribute]: { [`$${op}`]: value } }
    case 'endsWith':
      return { [attribute]: { $regex: `${value.replaceAll('.', '\\.')}$` } }
    case 'semverGt':
      return { [attribute]: { $vgt: value } }
    case 'matches':
      return { [attribute]: { $regex: value } }
    default:
      return undefined
  }
}

/** @param {readonly Rule[]} rules */
function rulesOf(rules) {
  const made = rules.map(rule => rule.map(conditionOf))
  if (made.flat().includes(undefined)) return undefined
  return made.map(parts => ({ condition: Object.assign({}, ...parts), force: true }))
}

const byHash = { hashAttribute: 'userId', hashVersion: 2, coverage: 1 }

/**
 * @param {Case} one
 * @param {CaseName} name
 */
function featureOf({ on, share, split, rules = [], list, chain }, name) {
  if (on === false) return { defaultValue: false }
  if (share !== undefined) {
    const rule = { force: true, coverage: share / 100, hashAttribute: 'accountId', seed: name, hashVersion: 2 }
    return { defaultValue: false, rules: [rule] }
  }
  if (split !== undefined) {
    const weights = [split / 100, 1 - split / 100]
    return {
      defaultValue: 'classic',
      rules: [{ key: name, variations: ['redesigned', 'classic'], weights, ...byHash }],
    }
  }
  if (list !== undefined) {
    return { defaultValue: false, rules: [{ condition: { accountId: { $inGroup: name } }, force: true }] }
  }
  const made = chain === undefined ? rulesOf(rules) : needing(chain[0])
  return made && { defaultValue: false, rules: made }
}

/** @param {string | undefined} id of the feature that must be on */
const needing = id => [{ parentConditions: [{ id, condition: { value: true }, gate: true }], force: true }]

/** @param {readonly CaseName[]} names */
function payloadOf(names) {
  const links = names.includes('chain') ? cases.chain.chain : []
  const chain = links.map((id, index) => {
    const next = links[index + 1]
    return [id, { defaultValue: false, rules: next === undefined ? rulesOf(cases.chain.rules) : needing(next) }]
  })
  return {
    features: { ...said(names, featureOf), ...Object.fromEntries(chain) },
    savedGroups: said(names, ({ list }) => list?.()),
  }
}

/**
 * @param {readonly CaseName[]} names
 * @returns {Promise<Contender>}
 */
export async function load(names) {
  const { GrowthBookClient } = requirePeer('@growthbook/growthbook')
  const client = new GrowthBookClient({})
  const payload = payloadOf(names)
  client.initSync({ payload })
  return {
    name: peerName('@growthbook/growthbook'),
    contextOf: subject => ({ attributes: subject }),
    ask: said(names, ({ split }, name) => {
      if (payload.features[name] === undefined) return undefined
      return split === undefined
        ? (/** @type {UserContext} */ user) => client.isOn(name, user)
        : (/** @type {UserContext} */ user) => client.getFeatureValue(name, 'classic', user) === 'redesigned'
    }),
  }
}
