import type { Rule } from '@dimmer/engine'
import type { FlagConfig } from '@dimmer/protocol'
import { hashKey } from '@tanstack/react-query'
import { describePrerequisite, describeRuleFully } from '../../words/describe-rule.ts'
import { describeServe } from '../../words/describe-share.ts'

/** One thing that differs between two configs, in words. Without `before` it is new, without `after` it is gone. */
export interface Difference {
  /** What it is about: "Rule 2", "Off variant". */
  readonly what: string
  readonly before?: string
  readonly after?: string
}

/** Whether two JSON values are the same, the order of fields aside. */
export const sameJson = (a: unknown, b: unknown): boolean => hashKey([a ?? null]) === hashKey([b ?? null])

const difference = (what: string, before: string | undefined, after: string | undefined): readonly Difference[] =>
  before === after
    ? []
    : [{ what, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }]

function ruleDifferences(before: readonly Rule[], after: readonly Rule[]): readonly Difference[] {
  const find = (rules: readonly Rule[], id: string) => rules.find(rule => rule.id === id)
  const gone = before.flatMap((rule, index) =>
    find(after, rule.id) === undefined
      ? difference(`Rule ${index + 1} is removed`, describeRuleFully(rule), undefined)
      : [],
  )
  const rest = after.flatMap((rule, index) => {
    const old = find(before, rule.id)
    if (old === undefined) return difference(`Rule ${index + 1} is new`, undefined, describeRuleFully(rule))
    if (sameJson(old, rule)) return []
    const [was, is] = [describeRuleFully(old), describeRuleFully(rule)]
    return was === is
      ? difference(`Rule ${index + 1} changes`, JSON.stringify(old), JSON.stringify(rule))
      : difference(`Rule ${index + 1} changes`, was, is)
  })
  const kept = (rules: readonly Rule[], others: readonly Rule[]) =>
    rules.filter(rule => find(others, rule.id) !== undefined)
  const [oldOrder, newOrder] = [kept(before, after), kept(after, before)]
  const reordered = oldOrder.some(({ id }, index) => id !== newOrder[index]?.id)
  const names = (rules: readonly Rule[]) => rules.map(rule => rule.name ?? rule.id).join(', ')
  return [...gone, ...rest, ...(reordered ? difference('Order', names(oldOrder), names(newOrder)) : [])]
}

const prerequisitesWords = ({ prerequisites }: FlagConfig): string =>
  prerequisites.length === 0 ? 'none' : prerequisites.map(describePrerequisite).join('; ')

const serveWords = (config: FlagConfig): string => describeServe(config.fallthrough)

/** What differs between two configs, in words, from top to bottom. Empty when nothing does. */
export function configDiff(before: FlagConfig, after: FlagConfig): readonly Difference[] {
  return [
    ...difference('On or off', before.on ? 'on' : 'off', after.on ? 'on' : 'off'),
    ...difference('Off variant', before.offVariant, after.offVariant),
    ...difference('Prerequisites', prerequisitesWords(before), prerequisitesWords(after)),
    ...ruleDifferences(before.rules, after.rules),
    ...difference('Everybody else', serveWords(before), serveWords(after)),
  ]
}
