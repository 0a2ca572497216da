import type { Prerequisite, Rule } from '@dimmer/engine'
import { listed } from '../../../shared/format/number.ts'
import { hashWords } from './describe-hash.ts'
import { describeServe, describeWho } from './describe-share.ts'

interface Times {
  readonly from?: string | undefined
  readonly until?: string | undefined
}

/** "from 2026-03-01T09:00:00Z until 2026-04-01T09:00:00Z"; undefined when a rule is always in force. */
export function scheduleWords({ from, until }: Times): string | undefined {
  if (from === undefined && until === undefined) return undefined
  return [from === undefined ? '' : `from ${from}`, until === undefined ? '' : `until ${until}`]
    .filter(Boolean)
    .join(' ')
}

/** What is not as usual about a rule: when it is in force, and how its share and its split are dealt. */
export function ruleRemarks(rule: Rule): readonly string[] {
  const share = hashWords(rule.share?.hash)
  const split = 'split' in rule.serve ? hashWords(rule.serve.split.hash) : undefined
  return [scheduleWords(rule), share, split].filter(remark => remark !== undefined)
}

/** Everything that a rule says but its id: "EU pilots: 5 % of accounts where country is DE get on, until 2026-04-01". */
export function describeRuleFully(rule: Rule): string {
  const name = rule.name === undefined ? '' : `${rule.name}: `
  const who = describeWho(rule).replace(/^rule: /, 'those where ')
  return [`${name}${who} get ${describeServe(rule.serve)}`, ...ruleRemarks(rule)].join(', ')
}

/** "redesigned-dashboard serves redesigned". */
export const describePrerequisite = ({ flag, variants }: Prerequisite): string =>
  `${flag} serves ${listed(variants, 'or')}`
