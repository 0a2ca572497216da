import type { Rule, Serve, Share, Split } from '@dimmer/engine'
import type { FlagConfig, FlagView } from '@dimmer/protocol'
import { plural } from '../../../shared/format/number.ts'
import { percent, roundPercent } from '../../../shared/format/percent.ts'
import { describeAudience, namedUnits } from './describe-condition.ts'

/** Who gets the flag in one environment, in one line. */
export interface ShareWords {
  readonly text: string
  /** What it would be if it were on; only while it is off. */
  readonly whenOn?: string
  /** 0 to 100 where one number says it all; for the light bar. */
  readonly level?: number
}

type Flag = Pick<FlagView, 'variants'>

const SHOWN_RULES = 2

/** { unit: "account", percent: 5 } -> "5 % of accounts". */
export const shareWords = (share: Share): string => `${percent(share.percent)} of ${plural(share.unit)}`

/** 50/50, 90/10, 33.333/33.333/33.333: the arms of a split as percentages. */
export function splitRatio(split: Split): string {
  const total = split.arms.reduce((sum, arm) => sum + arm.weight, 0)
  if (total === 0) return 'nobody'
  return split.arms.map(arm => roundPercent((100 * arm.weight) / total)).join('/')
}

const splitWords = (split: Split): string => `${splitRatio(split)} by ${split.unit}`

/** What a rule serves: a variant's key, or the split with its arms named. */
export function describeServe(serve: Serve): string {
  if ('variant' in serve) return serve.variant
  return `${serve.split.arms.map(arm => arm.variant).join(' / ')} split ${splitWords(serve.split)}`
}

/** Who a rule is for, without what they get: "5 % of accounts where plan is free". */
export function describeWho(rule: Pick<Rule, 'when' | 'share'>): string {
  if (rule.when === undefined) return rule.share === undefined ? 'everybody' : shareWords(rule.share)
  const audience = describeAudience(rule.when)
  if (rule.share === undefined) return namedUnits(rule.when) === undefined ? `rule: ${audience}` : audience
  return `${shareWords(rule.share)} where ${audience}`
}

/** With two variants, "having it" needs no name: it is the one that is not served when off. */
const needsName = (flag: Flag): boolean => Object.keys(flag.variants).length > 2

function describeRule(flag: Flag, config: FlagConfig, rule: Rule): string {
  const who = describeWho(rule)
  if ('split' in rule.serve) return `${who}, split ${splitWords(rule.serve.split)}`
  if (rule.serve.variant === config.offVariant) return `not for ${who.replace(/^rule: /, 'those where ')}`
  return needsName(flag) ? `${who} get ${rule.serve.variant}` : who
}

function describeFallthrough(flag: Flag, config: FlagConfig): string | undefined {
  if ('split' in config.fallthrough) return splitWords(config.fallthrough.split)
  if (config.fallthrough.variant === config.offVariant) return undefined
  const everybody = config.rules.length === 0 ? 'everybody' : 'everybody else'
  return needsName(flag) ? `${everybody} gets ${config.fallthrough.variant}` : everybody
}

function whoHasIt(flag: Flag, config: FlagConfig): string {
  const rules = config.rules.map(rule => describeRule(flag, config, rule))
  const rest = describeFallthrough(flag, config)
  const shown = rules.slice(0, SHOWN_RULES)
  const more = rules.length - shown.length
  const parts = [...shown, ...(more > 0 ? [`${more} more`] : []), ...(rest === undefined ? [] : [rest])]
  return parts.length === 0 ? 'nobody' : parts.join('; ')
}

function levelOf(config: FlagConfig): number | undefined {
  const [first, ...others] = config.rules
  if ('split' in config.fallthrough) return undefined
  if (config.fallthrough.variant !== config.offVariant) return first === undefined ? 100 : undefined
  if (first === undefined) return 0
  if (others.length > 0 || first.when !== undefined) return undefined
  return first.share === undefined ? 100 : first.share.percent
}

/** Who gets the flag in one environment: "5 % of accounts", "50/50 by user", "3 named accounts", "off for everybody". */
export function describeShare(flag: Flag, config: FlagConfig): ShareWords {
  const who = whoHasIt(flag, config)
  if (!config.on) return { text: 'off for everybody', whenOn: who, level: 0 }
  const level = levelOf(config)
  return level === undefined ? { text: who } : { text: who, level }
}

/** What a change of share means for people. Raising never takes anybody out. */
export function shareConsequence(before: Share, after: Share): string {
  const distance = roundPercent(Math.abs(after.percent - before.percent))
  if (distance === 0) return 'Nothing changes.'
  const moved = shareWords({ unit: after.unit, percent: distance })
  if (after.percent > before.percent) return `${moved} join. Everybody who has it keeps it.`
  return `${moved} lose it. Raising the share again later gives it back to the same ones.`
}
