const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const PAIRS = [
  { large: DAY, largeName: 'd', small: HOUR, smallName: 'h' },
  { large: HOUR, largeName: 'h', small: MINUTE, smallName: 'min' },
  { large: MINUTE, largeName: 'min', small: SECOND, smallName: 's' },
] as const

/** The two largest parts of a time span: 380 -> "380 ms", 2400 -> "2.4 s", 200000 -> "3 min 20 s". */
export function duration(ms: number): string {
  if (Math.round(ms) < SECOND) return `${Math.max(0, Math.round(ms))} ms`
  if (ms < 10 * SECOND) return `${Number((ms / SECOND).toFixed(1))} s`
  for (const { large, largeName, small, smallName } of PAIRS) {
    // Rounded before it is split, or 3,599.9 s would read "59 min 60 s".
    const rounded = Math.round(ms / small) * small
    if (rounded < large) continue
    const rest = (rounded % large) / small
    const whole = `${Math.floor(rounded / large)} ${largeName}`
    return rest === 0 ? whole : `${whole} ${rest} ${smallName}`
  }
  return `${Math.round(ms / SECOND)} s`
}

export type DurationUnit = 'seconds' | 'minutes' | 'hours' | 'days'

/** A time span as people type it. */
export interface TypedDuration {
  readonly amount: number
  readonly unit: DurationUnit
}

const ISO_PART: Readonly<Record<DurationUnit, readonly [string, string]>> = {
  seconds: ['PT', 'S'],
  minutes: ['PT', 'M'],
  hours: ['PT', 'H'],
  days: ['P', 'D'],
}

const TYPED: readonly (readonly [DurationUnit, number])[] = [
  ['days', DAY],
  ['hours', HOUR],
  ['minutes', MINUTE],
  ['seconds', SECOND],
]

/** A time span in the largest unit that it is a whole number of: 86,400,000 -> { amount: 1, unit: "days" }. */
export function toTypedDuration(ms: number): TypedDuration {
  const [unit, size] = TYPED.find(([, each]) => ms % each === 0) ?? ['seconds', SECOND]
  return { amount: Math.round(ms / size), unit }
}

/** { amount: 24, unit: "hours" } -> "PT24H". */
export function toIsoDuration(typed: TypedDuration): string {
  const [before, after] = ISO_PART[typed.unit]
  return `${before}${typed.amount}${after}`
}
