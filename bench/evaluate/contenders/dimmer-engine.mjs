// @ts-check
/** @dimmer/engine alone: what the SDK calls for each evaluation. */
import { compile, evaluate } from '@dimmer/engine'
import { now, said } from '../cases.mjs'
import { linearRegex } from '../linear-regex.mjs'
import { rulesetOf } from '../ruleset.mjs'

/** @import { CaseName } from '../cases.mjs' */
/** @import { Contender } from '../contender.ts' */
/** @import { Subject } from '../subjects.mjs' */

/**
 * @param {readonly CaseName[]} names
 * @returns {Promise<Contender>}
 */
export async function load(names) {
  const snapshot = compile(rulesetOf(names), { regex: linearRegex })
  if (snapshot.problems.length > 0) throw new Error(snapshot.problems[0]?.message)
  // Written out, as an application has a place in its code for each flag.
  /** @type {Record<CaseName, (context: Subject) => boolean>} */
  const ask = {
    kill: context => evaluate(snapshot, 'kill', context, now).value === true,
    share: context => evaluate(snapshot, 'share', context, now).value === true,
    split: context => evaluate(snapshot, 'split', context, now).value === 'redesigned',
    rule: context => evaluate(snapshot, 'rule', context, now).value === true,
    three: context => evaluate(snapshot, 'three', context, now).value === true,
    list: context => evaluate(snapshot, 'list', context, now).value === true,
    million: context => evaluate(snapshot, 'million', context, now).value === true,
    countries: context => evaluate(snapshot, 'countries', context, now).value === true,
    mixed: context => evaluate(snapshot, 'mixed', context, now).value === true,
    chain: context => evaluate(snapshot, 'chain', context, now).value === true,
    semver: context => evaluate(snapshot, 'semver', context, now).value === true,
    cidr: context => evaluate(snapshot, 'cidr', context, now).value === true,
    regex: context => evaluate(snapshot, 'regex', context, now).value === true,
  }
  return {
    name: 'Dimmer engine',
    contextOf: subject => subject,
    ask: said(names, (_, name) => ask[name]),
  }
}
