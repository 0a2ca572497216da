// @ts-check
/** The cases as a ruleset of ours. */
import { cases, salts } from './cases.mjs'

/** @import { Condition, Flag, Ruleset, Segment, Serve } from '@dimmer/engine' */
/** @import { Case, CaseName, Rule } from './cases.mjs' */

/** @type {Serve} */
const on = { variant: 'on' }
/** @type {Serve} */
const off = { variant: 'off' }

/**
 * @param {string} key
 * @param {Partial<Flag>} parts
 * @returns {Flag}
 */
const flag = (key, parts) => ({
  key,
  type: 'boolean',
  variants: { on: true, off: false },
  on: true,
  offVariant: 'off',
  salt: salts.share,
  version: 1,
  prerequisites: [],
  rules: [],
  fallthrough: off,
  ...parts,
})

/**
 * @param {Rule} rule
 * @returns {Condition}
 */
function conditionOf(rule) {
  const all = rule.map(([op, attribute, value]) => ({ attribute, op, value }))
  const [first, second] = all
  return first !== undefined && second === undefined ? first : { all }
}

/** @param {readonly Rule[]} rules */
const rulesOf = rules => rules.map((rule, index) => ({ id: `r${index}`, when: conditionOf(rule), serve: on }))

/** @type {Partial<Flag>} */
const dashboard = {
  type: 'string',
  variants: { classic: 'classic', redesigned: 'redesigned' },
  offVariant: 'classic',
  salt: salts.split,
}

/**
 * @param {CaseName} name
 * @param {Case} one
 * @returns {Flag[]}
 */
function flagsOf(name, { on: isOn = true, share, split, rules = [], list, chain }) {
  const needs = (/** @type {string} */ key) => [{ flag: key, variants: ['on'] }]
  if (chain !== undefined) {
    const links = [name, ...chain]
    return links.map((key, index) => {
      const next = links[index + 1]
      return flag(key, next === undefined ? { rules: rulesOf(rules) } : { prerequisites: needs(next), fallthrough: on })
    })
  }
  if (share !== undefined) {
    return [flag(name, { rules: [{ id: 'rollout', share: { unit: 'account', percent: share }, serve: on }] })]
  }
  if (split !== undefined) {
    const arms = [
      { variant: 'redesigned', weight: split },
      { variant: 'classic', weight: 100 - split },
    ]
    return [flag(name, { ...dashboard, fallthrough: { split: { unit: 'user', arms } } })]
  }
  const listed = list === undefined ? [] : [{ id: 'listed', when: { segment: name }, serve: on }]
  return [flag(name, { on: isOn, rules: [...rulesOf(rules), ...listed] })]
}

/**
 * @param {readonly CaseName[]} names
 * @returns {Ruleset}
 */
export function rulesetOf(names) {
  const flags = names.flatMap(name => flagsOf(name, cases[name]))
  const segments = names.flatMap(name => {
    const { list } = /** @type {Case} */ (cases[name])
    return list === undefined ? [] : [/** @type {Segment} */ ({ key: name, list: { unit: 'account', ids: list() } })]
  })
  return {
    schema: 1,
    project: 'invoicing',
    environment: 'production',
    version: 1,
    units: {},
    flags: Object.fromEntries(flags.map(one => [one.key, one])),
    segments: Object.fromEntries(segments.map(one => [one.key, one])),
  }
}
