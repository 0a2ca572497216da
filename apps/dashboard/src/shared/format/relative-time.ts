import { duration } from './duration.ts'

const largest = (ms: number): string =>
  duration(Math.round(ms / 1000) * 1000)
    .split(' ')
    .slice(0, 2)
    .join(' ')

/** "just now", "3 min ago", "in 2 h". Both times in epoch ms. */
export function relativeTime(at: number, now: number): string {
  const distance = Math.abs(now - at)
  if (distance < 5_000) return 'just now'
  return at < now ? `${largest(distance)} ago` : `in ${largest(distance)}`
}

const sameYear = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})
const dayOnly = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })

/** "3 Mar, 10:02:11", in the reader's time zone. */
export const dateTime = (at: number): string => sameYear.format(at)

/** "3 Mar 2026". */
export const date = (at: number): string => dayOnly.format(at)
