/** How numbers and units are written in sentences for people. */

/** 10900 -> "10,900" */
export function count(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}

function significant(x: number, digits: number): string {
  return String(Number(x.toPrecision(digits)))
}

/** 9.134 -> "9.1x", 31.2 -> "31x" */
export function times(ratio: number): string {
  return ratio >= 10 ? `${count(ratio)}x` : `${significant(ratio, 2)}x`
}

/** A share of 1 as percent: 0.0717 -> "7.2 %" */
export function percent(share: number): string {
  return `${significant(share * 100, 2)} %`
}

/** A name as it stands within a sentence: "Invoices created" -> "invoices created", but "PDF exports". */
export function inSentence(name: string): string {
  return /^\p{Lu}(?!\p{Lu})/u.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name
}

/** "account" -> "accounts" */
export function plural(unit: string): string {
  return /[^aeiou]y$/.test(unit) ? `${unit.slice(0, -1)}ies` : `${unit}s`
}

const LARGEST_ODDS = 1_000_000

/** exp(8.6) -> "1 in 5,000": rounded down to one figure, so that it never claims too much. */
export function oneIn(logE: number): string {
  const odds = Math.exp(Math.max(0, logE))
  if (odds >= LARGEST_ODDS) return '1 in a million'
  const size = 10 ** Math.max(0, Math.floor(Math.log10(odds)))
  return `1 in ${count(Math.floor(odds / size) * size)}`
}

/** Epoch ms -> "2026-03-03 10:00 UTC" */
export function moment(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
