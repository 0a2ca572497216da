import type { AttributeValue, BigUnit, Breakdown, ChangeKind, UnitForecast } from '@dimmer/engine'
import type { ForecastView } from '@dimmer/protocol'
import { count, counted, figure, listed, plural } from '../../../shared/format/number.ts'
import { percent } from '../../../shared/format/percent.ts'
import { scheduleWords } from '../words/describe-rule.ts'

const SHOWN_BIG = 3
const SHOWN_ROWS = 6

const VERBS: Readonly<Record<ChangeKind, readonly [one: string, many: string]>> = {
  gains: ['gains it', 'gain it'],
  losses: ['loses it', 'lose it'],
  switched: ['gets another variant', 'get another variant'],
  unchanged: ['stays as it is', 'stay as they are'],
}

/** "612 accounts and 2,301 users gain it", "Nobody loses it". */
export function groupWords(kind: ChangeKind, units: readonly UnitForecast[]): string {
  const [one, many] = VERBS[kind]
  const some = units.filter(unit => unit[kind].count > 0)
  if (some.length === 0) return `Nobody ${one}`
  const alone = some.length === 1 && some[0]?.[kind].count === 1
  return `${listed(
    some.map(unit => counted(unit[kind].count, unit.unit)),
    'and',
  )} ${alone ? one : many}`
}

/** "Acme (mrr 5,060), Globex (mrr 5,000) and 8 more". */
export function bigWords(units: readonly BigUnit[], attribute: string): string {
  const shown = units.slice(0, SHOWN_BIG).map(({ id, name, value }) => `${name ?? id} (${attribute} ${figure(value)})`)
  const more = units.length - shown.length
  return more > 0 ? listed([...shown, `${count(more)} more`], 'and') : listed(shown, 'and')
}

const valueWords = (value: AttributeValue | null): string => (value === null ? 'not known' : String(value))

/** "free 12 of 6,000, pro 3 of 200"; "free loses 12, pro loses 3" where nobody has it afterwards. */
export function breakdownWords({ rows, moreValues }: Breakdown): string {
  const gone = rows.every(({ after }) => after === 0) && rows.some(({ losses }) => losses > 0)
  const shown = rows.slice(0, SHOWN_ROWS).map(({ value, losses, after, all }) => {
    const numbers = gone ? `loses ${count(losses)}` : `${count(after)} of ${count(all)}`
    return `${valueWords(value)} ${numbers}`
  })
  const more = rows.length - shown.length + moreValues
  return [...shown, ...(more > 0 ? [`${count(more)} more`] : [])].join(', ')
}

/** Where prerequisites take from a share: what is written, and what comes of it. */
export function effectiveWords({ shares, prerequisites }: Pick<ForecastView, 'shares' | 'prerequisites'>): string[] {
  if (prerequisites === undefined) return []
  return shares.map(
    ({ ruleId, unit, nominalPercent, effectivePercent }) =>
      `Rule ${ruleId} says ${percent(nominalPercent)} of ${plural(unit)}; really ${percent(effectivePercent)}, because of ${listed(prerequisites.flags, 'and')}.`,
  )
}

/** Shares that count what the directory doesn't list. */
export const uncountedWords = ({ uncountedShares }: Pick<ForecastView, 'uncountedShares'>): string[] =>
  uncountedShares.map(
    ({ ruleId, unit, nominalPercent }) =>
      `Rule ${ruleId} says ${percent(nominalPercent)} by ${unit}: the directory lists accounts and users only, so no effective share can be given.`,
  )

/** Rules that have not begun, or are over. `isNow`: at present, not at a time that was chosen. */
export const dormantWords = ({ dormantRules }: Pick<ForecastView, 'dormantRules'>, isNow: boolean): string[] =>
  dormantRules.map(({ ruleId, ruleName, ...times }) => {
    const when = isNow ? 'now' : 'then'
    return `Rule ${ruleName ?? ruleId} is not in force ${when}, only ${scheduleWords(times)}: nobody is counted for it.`
  })

/** Shares of units that nobody in the directory has. */
export const missingWords = ({ missingUnits }: Pick<ForecastView, 'missingUnits'>): string[] =>
  missingUnits.map(
    ({ unit, rows }) => `${counted(rows, 'entry')} of the directory without a ${unit}: no share for them.`,
  )
