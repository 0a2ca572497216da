import { dateTime, relativeTime } from '../format/relative-time.ts'
import { useNow } from '../use-now.ts'

interface Props {
  /** Epoch ms, or ISO 8601. */
  readonly at: number | string
  /** What "now" is; absent: the wall clock. */
  readonly now?: number
}

/** "3 min ago", with the full time on hover. Counts on by itself. */
export function TimeAgo({ at, now }: Props) {
  const ticking = useNow(10_000)
  const then = typeof at === 'number' ? at : Date.parse(at)
  return (
    <time dateTime={new Date(then).toISOString()} title={dateTime(then)}>
      {relativeTime(then, now ?? ticking)}
    </time>
  )
}
