// @ts-check

import { peerName, requirePeer } from '../../lib/peers.mjs'
import { said } from '../cases.mjs'

/** @import { Case, CaseName, Rule, Test } from '../cases.mjs' */
/** @import { Contender } from '../contender.ts' */
/** @import { Subject } from '../subjects.mjs' */

const onOff = { variants: { on: true, off: false }, defaultVariant: 'off' }
const bucketBy = (/** @type {string} */ attribute) => ({ cat: [{ var: '$flagd.flagKey' }, { var: attribute }] })

/**
 * @param {Test} test
 * @returns {object | undefined} JSON logic; it has no ranges of addresses and no regular expressions
 */
function logicOf([op, attribute, value]) {
  const found = { var: attribute }
  switch (op) {
    case 'equals':
      return { '==': [found, value] }
    case 'in':
      return { in: [found, value] }
    case 'gte':
      return { '>=': [found, value] }
    case 'lt':
      return { '<': [found, value] }
    case 'endsWith':
      return { ends_with: [found, value] }
    case 'semverGt':
      return { sem_ver: [found, '>', value] }
    default:
      return undefined
  }
}

/**
 * @param {readonly Rule[]} rules
 * @returns {object | undefined}
 */
function targetingOf(rules) {
  const parts = rules.map(rule => rule.map(logicOf))
  if (parts.flat().includes(undefined)) return undefined
  const groups = parts.map(tests => (tests.length === 1 ? tests[0] : { and: tests }))
  return { if: [groups.length === 1 ? groups[0] : { or: groups }, 'on', 'off'] }
}

/** @param {Case} one */
function flagOf({ on, share, split, rules, list, chain }) {
  if (chain !== undefined) return undefined
  if (on === false) return { state: 'DISABLED', ...onOff }
  if (split !== undefined) {
    const arms = [
      ['redesigned', split],
      ['classic', 100 - split],
    ]
    const variants = { redesigned: 'redesigned', classic: 'classic' }
    const targeting = { fractional: [bucketBy('userId'), ...arms] }
    return { state: 'ENABLED', variants, defaultVariant: 'classic', targeting }
  }
  const dealt = share && { fractional: [bucketBy('accountId'), ['on', share], ['off', 100 - share]] }
  const listed = list && { if: [{ in: [{ var: 'accountId' }, list()] }, 'on', 'off'] }
  const targeting = dealt ?? listed ?? targetingOf(rules ?? [])
  return targeting && { state: 'ENABLED', ...onOff, targeting }
}

/**
 * @param {readonly CaseName[]} names
 * @returns {Promise<Contender>}
 */
export async function load(names) {
  const { FlagdCore } = requirePeer('@openfeature/flagd-core')
  const core = new FlagdCore()
  const flags = said(names, flagOf)
  core.setConfigurations(JSON.stringify({ flags }))
  const logger = { debug() {}, info() {}, warn() {}, error() {} }
  return {
    name: peerName('@openfeature/flagd-core'),
    contextOf: subject => ({ targetingKey: subject.userId, ...subject }),
    ask: said(names, ({ split }, name) => {
      if (flags[name] === undefined) return undefined
      return split === undefined
        ? (/** @type {Subject} */ context) => core.resolveBooleanEvaluation(name, false, context, logger).value
        : (/** @type {Subject} */ context) =>
            core.resolveStringEvaluation(name, 'classic', context, logger).value === 'redesigned'
    }),
  }
}
