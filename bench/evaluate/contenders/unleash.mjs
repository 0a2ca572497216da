// @ts-check
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { peerName, requirePeer } from '../../lib/peers.mjs'
import { said } from '../cases.mjs'

/** @import { Case, CaseName, Test } from '../cases.mjs' */
/** @import { Contender } from '../contender.ts' */

/** @param {Test} test */
function constraintOf([op, contextName, value]) {
  switch (op) {
    case 'equals':
      return { contextName, operator: 'IN', values: [value] }
    case 'in':
      return { contextName, operator: 'IN', values: value }
    case 'gte':
      return { contextName, operator: 'NUM_GTE', value: String(value), values: [] }
    case 'lt':
      return { contextName, operator: 'NUM_LT', value: String(value), values: [] }
    case 'endsWith':
      return { contextName, operator: 'STR_ENDS_WITH', values: [value] }
    case 'semverGt':
      return { contextName, operator: 'SEMVER_GT', value, values: [] }
    case 'inCidr':
      return { contextName, operator: 'IN_CIDR', values: value }
    case 'matches':
      return { contextName, operator: 'REGEX', value, values: [] }
  }
}

const everybodyIf = (/** @type {readonly object[]} */ constraints) => ({ name: 'default', parameters: {}, constraints })
const rollout = (/** @type {string} */ groupId, /** @type {number} */ percent, /** @type {string} */ stickiness) => ({
  name: 'flexibleRollout',
  parameters: { groupId, rollout: String(percent), stickiness },
  constraints: [],
})
const arm = (/** @type {string} */ name, /** @type {number} */ percent) => ({
  name,
  weight: percent * 10,
  stickiness: 'userId',
  payload: { type: 'string', value: name },
})

/**
 * @param {Case} one
 * @param {CaseName} name
 */
function strategiesOf({ share, split, rules = [], list }, name) {
  if (share !== undefined) return [rollout(name, share, 'accountId')]
  if (split !== undefined) {
    return [{ ...rollout(name, 100, 'userId'), variants: [arm('redesigned', split), arm('classic', 100 - split)] }]
  }
  if (list !== undefined) return [everybodyIf([constraintOf(['in', 'accountId', list()])])]
  return rules.map(rule => everybodyIf(rule.map(constraintOf)))
}

/**
 * A parent of its own is all that a flag may have: chains cannot be said.
 * @param {Case} one
 * @param {CaseName} name
 */
const featureOf = (one, name) =>
  one.chain === undefined
    ? { name, type: 'release', enabled: one.on !== false, strategies: strategiesOf(one, name), variants: [] }
    : undefined

/**
 * @param {readonly CaseName[]} names
 * @returns {Promise<Contender>}
 */
export async function load(names) {
  const { Unleash } = requirePeer('unleash-client')
  const features = said(names, featureOf)
  const client = new Unleash({
    appName: 'bench',
    // Never asked: no refresh, no metrics, no registration; the flags are the bootstrap.
    url: 'http://127.0.0.1:1/api',
    bootstrap: { data: Object.values(features) },
    refreshInterval: 0,
    disableMetrics: true,
    backupPath: mkdtempSync(join(tmpdir(), 'unleash-')),
    skipInstanceCountWarning: true,
  })
  client.on('error', () => {})
  client.on('warn', () => {})
  await new Promise(resolve => (client.isSynchronized() ? resolve(undefined) : client.once('ready', resolve)))
  return {
    name: peerName('unleash-client'),
    contextOf: ({ userId, seats, ...properties }) => ({ userId, properties: { ...properties, seats: String(seats) } }),
    ask: said(names, ({ split }, name) => {
      if (features[name] === undefined) return undefined
      return split === undefined
        ? (/** @type {object} */ context) => client.isEnabled(name, context)
        : (/** @type {object} */ context) => client.getVariant(name, context).name === 'redesigned'
    }),
  }
}
