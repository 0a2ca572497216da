import { parseInstant } from './instants.ts'
import type { Rule } from './model.ts'
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
