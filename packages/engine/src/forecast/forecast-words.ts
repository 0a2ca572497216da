import { counted } from '../counted.ts'
import { expectedCount } from './binomial.ts'
import type { Breakdown, BreakdownRow, ForecastSummary, ShareForecast, UnitForecast } from './forecast-types.ts'

/** "1 account", "12,004 accounts". */
function some(count: number, unit: string): string {
  return `${counted(count)} ${unit}${count === 1 ? '' : 's'}`
}

type Told = Pick<ForecastSummary, 'accounts' | 'users' | 'shares' | 'splitTeams' | 'prerequisites'> & {
  /** The only rule's share, when the flag is on and everybody else gets the off variant. */
  readonly sole: ShareForecast | undefined
  /** A row of a breakdown worth naming. */
  readonly highlight: { readonly row: BreakdownRow; readonly of: Breakdown } | undefined
}

function head(units: UnitForecast, sole: ShareForecast | undefined): string {
  if (sole === undefined || sole.unit !== units.unit) {
    return `${counted(units.after)} of ${some(units.all, units.unit)}`
  }
  const { nominalPercent, audience, unit } = sole
  const all = audience === units.all
  const base = all ? `${unit}s` : `the ${some(audience, unit)} it is meant for`
  return `${nominalPercent} % of ${base} = ${counted(units.after)}${all ? ` of ${counted(units.all)}` : ''}`
}

function highlightWords({ row, of }: NonNullable<Told['highlight']>): string {
  const name = typeof row.value === 'string' ? row.value : `${of.attribute} ${String(row.value)}`
  return `${counted(row.after)} of the ${counted(row.all)} ${name} ${of.unit}s`
}

function prerequisiteWords(told: Told, units: UnitForecast): string | undefined {
  const { prerequisites } = told
  if (prerequisites === undefined) return undefined
  const would = units.unit === 'account' ? prerequisites.accounts : prerequisites.users
  const blocked = would - units.after
  return blocked <= 0 ? undefined : `${some(blocked, units.unit)} held back by ${prerequisites.flags.join(' and ')}`
}

/** What a person would say. */
export function sentenceOf(told: Told): string {
  const { accounts, users, splitTeams, sole, highlight } = told
  const byUser = sole?.unit === 'user' || accounts.all === 0
  const units = byUser ? users : accounts
  if (units.all === 0) return 'The directory is empty: nobody to forecast for'
  const parts = [head(units, sole)]
  if (highlight !== undefined && units.after > 0) parts.push(highlightWords(highlight))
  const heldBack = prerequisiteWords(told, units)
  if (heldBack !== undefined) parts.push(heldBack)
  if (accounts.all > 0) parts.push(`${counted(splitTeams.after)} split ${splitTeams.after === 1 ? 'team' : 'teams'}`)
  return parts.join('; ')
}

/** A base is small when chance alone spreads the count by more than the count itself. */
export function noteOf(shares: readonly ShareForecast[]): string | undefined {
  for (const { unit, audience, nominalPercent } of shares) {
    const { expected, low, high } = expectedCount(audience, nominalPercent)
    if (high - low <= expected) continue
    const rounded = Math.round(expected * 10) / 10
    return (
      `These counts are exact for the directory of today. ${nominalPercent} % of another ${some(audience, unit)} ` +
      `(those who come later, or under another flag): expect ${counted(rounded)}, between ${counted(low)} and ${counted(high)}`
    )
  }
  return undefined
}
