// @ts-check

import { peerName, requirePeer } from '../../lib/peers.mjs'
import { cases, said } from '../cases.mjs'

/** @import { Case, CaseName, Rule, Test } from '../cases.mjs' */
/** @import { Contender } from '../contender.ts' */
/** @typedef {object} Condition */

const operators = {
  equals: 'any',
  in: 'any',
  gte: 'gte',
  lt: 'lt',
  endsWith: 'str_ends_with_any',
  semverGt: 'version_gt',
  matches: 'str_matches',
}

/**
 * @param {Test} test
 * @returns {Condition | undefined} it has no ranges of addresses
 */
function conditionOf([op, field, value]) {
  if (op === 'inCidr') return undefined
  const targetValue = op === 'equals' || op === 'endsWith' ? [value] : value
  return { type: 'user_field', targetValue, operator: operators[op], field, ...common }
}

const common = { additionalValues: {}, isDeviceBased: false, idType: 'userID' }
/** @type {Condition} */
const everybody = { type: 'public', targetValue: null, operator: null, field: null, ...common }

/** Conditions are filed under names of their own, and rules name them. */
class Specs {
  /** @type {Record<string, Condition>} */
  conditions = {}

  /**
   * @param {readonly Condition[]} conditions
   * @param {object} parts
   */
  rule(conditions, parts = {}) {
    const keys = conditions.map(condition => {
      const key = `c${Object.keys(this.conditions).length}`
      this.conditions[key] = condition
      return key
    })
    const id = `r-${keys.join('-')}`
    return { name: id, id, salt: id, passPercentage: 100, returnValue: true, conditions: keys, ...common, ...parts }
  }

  /** @param {readonly Rule[]} rules */
  rulesOf(rules) {
    const made = rules.map(rule => rule.map(conditionOf))
    if (made.flat().includes(undefined)) return undefined
    return made.map(parts => this.rule(parts.filter(part => part !== undefined)))
  }

  /** @param {string | undefined} gate that must pass */
  needing(gate) {
    return [this.rule([{ type: 'pass_gate', targetValue: gate, operator: null, field: null, ...common }])]
  }

  /** @param {Case} one */
  gateRulesOf({ on, share, rules = [], list, chain }) {
    if (on === false) return []
    if (share !== undefined) return [this.rule([everybody], { passPercentage: share, idType: 'accountID' })]
    if (chain !== undefined) return this.needing(chain[0])
    return this.rulesOf(list === undefined ? rules : [[['in', 'accountId', list()]]])
  }
}

/**
 * @param {string} entity
 * @param {readonly object[]} rules
 * @param {boolean} enabled
 */
const spec = (entity, rules, enabled = true) => ({
  type: entity === 'feature_gate' ? 'feature_gate' : 'dynamic_config',
  salt: 'bench-salt',
  enabled,
  defaultValue: entity === 'feature_gate' ? false : {},
  rules,
  isDeviceBased: false,
  idType: 'userID',
  entity,
  version: 1,
})

/** @param {readonly CaseName[]} names */
function specsOf(names) {
  const specs = new Specs()
  const gates = said(names, one => {
    const rules = one.split === undefined ? specs.gateRulesOf(one) : undefined
    return rules && spec('feature_gate', rules, one.on !== false)
  })
  const links = names.includes('chain') ? cases.chain.chain : []
  const chain = links.map((key, index) => {
    const next = links[index + 1]
    return [
      key,
      spec('feature_gate', next === undefined ? (specs.rulesOf(cases.chain.rules) ?? []) : specs.needing(next)),
    ]
  })
  const arm = (/** @type {string} */ variant, /** @type {number} */ passPercentage) =>
    specs.rule([everybody], { passPercentage, returnValue: { variant } })
  const configs = said(names, ({ split }) =>
    split === undefined ? undefined : spec('dynamic_config', [arm('redesigned', split), arm('classic', 100)]),
  )
  return {
    feature_gates: { ...gates, ...Object.fromEntries(chain) },
    dynamic_configs: configs,
    layer_configs: {},
    condition_map: specs.conditions,
    param_stores: {},
    experiment_to_layer: {},
    has_updates: true,
    time: 1_700_000_000_000,
    company_id: 'bench',
    response_format: 'dcs-v2',
  }
}

/**
 * @param {readonly CaseName[]} names
 * @returns {Promise<Contender>}
 */
export async function load(names) {
  const { Statsig, StatsigUser } = requirePeer('@statsig/statsig-node-core')
  const specs = specsOf(names)
  const dataStore = {
    initialize: async () => undefined,
    shutdown: async () => undefined,
    get: async () => ({ result: JSON.stringify(specs), time: specs.time }),
    set: async () => undefined,
    supportPollingUpdatesFor: async () => false,
  }
  const statsig = new Statsig('secret-bench', {
    dataStore,
    specAdaptersConfig: [{ adapterType: 'data_store', initTimeoutMs: 60_000 }],
    disableNetwork: true,
    disableAllLogging: true,
    disableCountryLookup: true,
    outputLogLevel: 'none',
  })
  const { isSuccess, error } = await statsig.initialize()
  if (!isSuccess) throw new Error(error)
  const silent = { disableExposureLogging: true }
  return {
    name: peerName('@statsig/statsig-node-core').replace('statsig-node-core', 'statsig core'),
    contextOf: ({ userId, accountId, ...custom }) =>
      new StatsigUser({ userID: userId, customIDs: { accountID: accountId }, custom: { ...custom, accountId } }),
    ask: said(names, ({ split }, name) => {
      if (split !== undefined) {
        return (/** @type {object} */ user) =>
          statsig.getDynamicConfig(user, name, silent).getValue('variant', 'classic') === 'redesigned'
      }
      return specs.feature_gates[name] && ((/** @type {object} */ user) => statsig.checkGate(user, name, silent))
    }),
  }
}
