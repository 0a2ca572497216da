/** One value per time; null where there is none. */
export type Line = readonly (number | null)[]

export interface ChartLine {
  readonly label: string
  /** Name of a CSS variable. */
  readonly color: string
  readonly values: Line
  readonly dash?: readonly number[]
  /** Thin: the edge of a band. */
  readonly edge?: boolean
}

/** A moment worth a line across the chart. */
export interface Moment {
  /** Epoch seconds. */
  readonly at: number
  readonly label: string
}

export interface ChartModel {
  /** What the chart shows, for those who can't see it. */
  readonly title: string
  /** Epoch seconds. */
  readonly times: readonly number[]
  readonly lines: readonly ChartLine[]
  /** Labels of two lines, upper first, between which the chart is shaded. */
  readonly band?: readonly [string, string]
  readonly limit?: number
  readonly moments: readonly Moment[]
  /** Top of the scale; the bottom is 0. */
  readonly top: number
  readonly format: (value: number) => string
}

const LATEST = 3

/** The value of a line at `index`; without one the latest, if it is among the last few. */
export function valueAt(line: Line, index: number | undefined): number | undefined {
  const candidates = index === undefined ? line.slice(-LATEST) : line.slice(index, index + 1)
  return candidates.findLast(value => value !== null) ?? undefined
}

const MINUTE = 60
const DAY = 86_400
const two = (value: number): string => String(value).padStart(2, '0')

/** The label of a time axis: a date where the day changes, else the time; seconds only where ticks are that close. */
export function timeLabel(epochSeconds: number, stepSeconds: number): string {
  const at = new Date(epochSeconds * 1000)
  const midnight = at.getHours() === 0 && at.getMinutes() === 0 && at.getSeconds() === 0
  if (stepSeconds >= DAY || midnight) return at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })
  const minutes = `${two(at.getHours())}:${two(at.getMinutes())}`
  return stepSeconds < MINUTE ? `${minutes}:${two(at.getSeconds())}` : minutes
}

/** The chart in one sentence: the latest value of each line, and the limit. */
export function describeChart({ title, lines, limit, format }: ChartModel): string {
  const latest = lines.flatMap(line => {
    const value = valueAt(line.values, undefined)
    return value === undefined ? [] : [`${line.label} ${format(value)}`]
  })
  const parts = [...latest, ...(limit === undefined ? [] : [`limit ${format(limit)}`])]
  return parts.length === 0 ? `${title}: no data yet` : `${title}, latest: ${parts.join(', ')}`
}
