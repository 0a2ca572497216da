import { isObject } from './attributes.ts'
import { parseInstant } from './instants.ts'
import type { FlagKey, Rule, Ruleset } from './model.ts'
import type { Report } from './problem.ts'

/** When a rule is in force: `from <= now < until`, in milliseconds since 1970; infinite where the rule says nothing. */
export interface Schedule {
  readonly from: number
  readonly until: number
}

/** Whether a rule is in force. */
export function isInForce({ from, until }: Schedule, now: number): boolean {
  return now >= from && now < until
}

/** The schedule of a rule; undefined when it is always in force, `unreadable` (and reported) when a date is none. */
export function compileSchedule(rule: Rule, path: string, report: Report): Schedule | 'unreadable' | undefined {
  if (rule.from === undefined && rule.until === undefined) return undefined
  const schedule = {
    from: rule.from === undefined ? Number.NEGATIVE_INFINITY : parseInstant(rule.from),
    until: rule.until === undefined ? Number.POSITIVE_INFINITY : parseInstant(rule.until),
  }
  let isReadable = true
  for (const end of ['from', 'until'] as const) {
    if (!Number.isNaN(schedule[end])) continue
    report(`${path}.${end}`, 'invalid-operand', `"${end}" needs a date-time like 2026-03-01T09:00:00Z`)
    isReadable = false
  }
  return isReadable ? schedule : 'unreadable'
}

/** A moment at which rules begin or end, so that flags may evaluate differently without a new version. */
export interface RuleBoundary {
  /** Milliseconds since 1970. */
  readonly at: number
  /** The flags whose rules they are. */
  readonly flags: readonly FlagKey[]
}

/** When the rules of a flag begin and end; nothing of a flag that is off. The flag may be of any shape. */
function endsOf(flag: unknown): readonly number[] {
  if (!isObject(flag) || flag.on !== true || !Array.isArray(flag.rules)) return []
  const rules: readonly unknown[] = flag.rules
  const ends = rules.flatMap(rule => (isObject(rule) ? [rule.from, rule.until] : []))
  return ends.map(parseInstant).filter(at => !Number.isNaN(at))
}

/** When rules of a ruleset begin or end, earliest first. */
export function ruleBoundaries({ flags }: Ruleset): readonly RuleBoundary[] {
  const found = new Map<number, FlagKey[]>()
  for (const [key, flag] of Object.entries(flags)) {
    for (const at of new Set(endsOf(flag))) found.set(at, [...(found.get(at) ?? []), key])
  }
  return [...found].map(([at, keys]) => ({ at, flags: keys })).sort((a, b) => a.at - b.at)
}
