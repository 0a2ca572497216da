const wholes = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** 12004 -> "12,004". */
export const count = (value: number): string => wholes.format(value)

/** A number for reading: three significant digits, no trailing zeros: 2.1047 -> "2.1", 0.00213 -> "0.00213". */
export function figure(value: number): string {
  if (value === 0) return '0'
  if (Math.abs(value) >= 1000) return wholes.format(value)
  return String(Number(value.toPrecision(3)))
}

const IRREGULAR: Readonly<Record<string, string>> = { person: 'people' }

/** The plural of a unit or of a plain English noun: "account" -> "accounts", "company" -> "companies". */
export function plural(noun: string): string {
  const irregular = IRREGULAR[noun]
  if (irregular !== undefined) return irregular
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`
  return /(s|x|ch|sh)$/.test(noun) ? `${noun}es` : `${noun}s`
}

/** (1, "account") -> "1 account"; (3, "account") -> "3 accounts". */
export const counted = (value: number, noun: string): string => `${count(value)} ${value === 1 ? noun : plural(noun)}`

/** ["a", "b", "c"] -> "a, b or c". */
export function listed(words: readonly string[], joiner: 'and' | 'or'): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} ${joiner} ${words.at(-1)}`
}
