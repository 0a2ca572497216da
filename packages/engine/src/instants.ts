/** Instants are milliseconds since 1970-01-01T00:00:00Z. Parsing is by hand: `Date.parse` takes far more than RFC 3339. */

const DAY = 86_400_000
const MONTH_STARTS = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]

/** A span of time: calendar months, then milliseconds. */
export interface Duration {
  readonly months: number
  readonly milliseconds: number
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

/** Days since 1970-01-01 of a day in the Gregorian calendar; month 1 to 12. */
function epochDay(year: number, month: number, day: number): number {
  const before = year - 1
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400)
  const thisLeapDay = month > 2 && isLeapYear(year) ? 1 : 0
  return before * 365 + leapDays + (MONTH_STARTS[month - 1] ?? 0) + thisLeapDay + day - 719_163
}

function yearOf(day: number): number {
  const guess = 1970 + Math.floor(day / 365.2425)
  if (epochDay(guess, 1, 1) > day) return guess - 1
  return epochDay(guess + 1, 1, 1) <= day ? guess + 1 : guess
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** The number that `count` digits at `start` make, or NaN. */
function digits(text: string, start: number, count: number): number {
  let number = 0
  for (let i = start; i < start + count; i++) {
    const digit = text.charCodeAt(i) - 48
    if (!(digit >= 0 && digit <= 9)) return Number.NaN
    number = number * 10 + digit
  }
  return number
}

function between(number: number, least: number, most: number): boolean {
  return number >= least && number <= most
}

function parseDay(text: string): number {
  const year = digits(text, 0, 4)
  const month = digits(text, 5, 2)
  const day = digits(text, 8, 2)
  const marked = text[4] === '-' && text[7] === '-'
  if (!(marked && year >= 0 && between(month, 1, 12) && between(day, 1, daysInMonth(year, month)))) return Number.NaN
  return epochDay(year, month, day) * DAY
}

/** Milliseconds into the day of `HH:MM:SS` at position 11. A leap second counts as the second after it. */
function parseTime(text: string): number {
  const hour = digits(text, 11, 2)
  const minute = digits(text, 14, 2)
  const second = digits(text, 17, 2)
  const marked = text[13] === ':' && text[16] === ':'
  if (!(marked && between(hour, 0, 23) && between(minute, 0, 59) && between(second, 0, 60))) return Number.NaN
  return ((hour * 60 + minute) * 60 + second) * 1000
}

/** Milliseconds east of UTC that `Z` or `+HH:MM` at `start` means. */
function parseOffset(text: string, start: number): number {
  const sign = text[start]
  if (sign === 'Z' || sign === 'z') return text.length === start + 1 ? 0 : Number.NaN
  if ((sign !== '+' && sign !== '-') || text.length !== start + 6 || text[start + 3] !== ':') return Number.NaN
  const hours = digits(text, start + 1, 2)
  const minutes = digits(text, start + 4, 2)
  if (!(between(hours, 0, 23) && between(minutes, 0, 59))) return Number.NaN
  return (sign === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000
}

function parseText(text: string): number {
  const day = parseDay(text)
  if (text.length === 10) return day
  const separator = text[10]
  if (separator !== 'T' && separator !== 't' && separator !== ' ') return Number.NaN
  let end = 19
  let fraction = 0
  if (text[end] === '.') {
    const start = ++end
    while (digits(text, end, 1) >= 0) end++
    if (end === start) return Number.NaN
    const milliseconds = Math.min(3, end - start)
    fraction = digits(text, start, milliseconds) * 10 ** (3 - milliseconds)
  }
  return day + parseTime(text) + fraction - parseOffset(text, end)
}

/**
 * An instant from an RFC 3339 date-time, an RFC 3339 date (midnight UTC), or a number of milliseconds since 1970.
 * NaN when it is none of them. Fractions of a millisecond are cut off.
 */
export function parseInstant(value: unknown): number {
  if (typeof value === 'string') return parseText(value)
  return typeof value === 'number' && Number.isFinite(value) ? Math.trunc(value) : Number.NaN
}

const DURATION =
  /^P(?!$)(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,6})W)?(?:(\d{1,7})D)?(?:T(?!$)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?$/

/** A duration in ISO 8601 with whole numbers ("P30D", "P1Y6M", "PT12H"); undefined when `text` isn't one. */
export function parseDuration(text: string): Duration | undefined {
  const match = DURATION.exec(text)
  if (match === null) return undefined
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map(part => Number(part ?? 0))
  return {
    months: years * 12 + months,
    milliseconds: (weeks * 7 + days) * DAY + ((hours * 60 + minutes) * 60 + seconds) * 1000,
  }
}

/**
 * The instant a duration before `now`, in UTC. Months come off the calendar first, and a day that the month doesn't
 * have becomes its last day: P1M before 31 March is 28 or 29 February.
 */
export function subtractDuration(now: number, duration: Duration): number {
  if (duration.months === 0) return now - duration.milliseconds
  const today = Math.floor(now / DAY)
  const year = yearOf(today)
  let month = 12
  while (month > 1 && epochDay(year, month, 1) > today) month--
  const dayOfMonth = today - epochDay(year, month, 1) + 1
  const monthsSinceYear0 = year * 12 + month - 1 - duration.months
  const thatYear = Math.floor(monthsSinceYear0 / 12)
  const thatMonth = monthsSinceYear0 - thatYear * 12 + 1
  const thatDay = Math.min(dayOfMonth, daysInMonth(thatYear, thatMonth))
  return epochDay(thatYear, thatMonth, thatDay) * DAY + (now - today * DAY) - duration.milliseconds
}
