export const DURATION_PARTS = ['minutes', 'hours', 'days', 'weeks', 'months', 'years'] as const
export type DurationPart = (typeof DURATION_PARTS)[number]

/** A time span of one part, as people type it. */
export interface TypedPart {
  readonly amount: number | undefined
  readonly part: DurationPart
}

const LETTERS: Readonly<Record<DurationPart, readonly [string, string]>> = {
  minutes: ['PT', 'M'],
  hours: ['PT', 'H'],
  days: ['P', 'D'],
  weeks: ['P', 'W'],
  months: ['P', 'M'],
  years: ['P', 'Y'],
}

/** { amount: 30, part: "days" } -> "P30D"; without an amount "PD", which is no duration yet. */
export const fromTypedDuration = ({ amount, part }: TypedPart): string =>
  `${LETTERS[part][0]}${amount ?? ''}${LETTERS[part][1]}`

/** Undefined for what has several parts, or is no duration. Nothing at all: days, to be typed. */
export function toTypedDuration(text: string): TypedPart | undefined {
  if (text === '') return { amount: undefined, part: 'days' }
  for (const part of DURATION_PARTS) {
    const [before, after] = LETTERS[part]
    const digits = text.slice(before.length, -after.length)
    if (!/^\d{0,9}$/.test(digits) || text !== `${before}${digits}${after}`) continue
    return { amount: digits === '' ? undefined : Number(digits), part }
  }
  return undefined
}
