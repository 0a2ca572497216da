import type { FlagForecast, SegmentListView, SegmentParts, SegmentUse, SegmentView } from '@dimmer/protocol'
import { counted } from '../../shared/format/number.ts'
import { type Difference, describeCondition } from '../flags/index.ts'

const listWords = ({ unit, count }: SegmentListView): string => counted(count, `listed ${unit}`)

/** Who is in a segment: "plan is pro, or 3 listed accounts, without 1 listed user". */
export function segmentWords({ when, list, exclude }: Pick<SegmentView, 'when' | 'list' | 'exclude'>): string {
  const parts = [when && describeCondition(when), list && listWords(list)].filter(part => part !== undefined)
  if (parts.length === 0) return 'nobody'
  return `${parts.join(', or ')}${exclude === undefined ? '' : `, without ${listWords(exclude)}`}`
}

/** "used by 3 flags and 1 segment", "not used". */
export function usedByWords(uses: readonly SegmentUse[]): string {
  const flags = new Set(uses.flatMap(use => (use.kind === 'rule' ? [use.flag] : []))).size
  const segments = uses.filter(({ kind }) => kind === 'segment').length
  const parts = [
    ...(flags > 0 ? [counted(flags, 'flag')] : []),
    ...(segments > 0 ? [counted(segments, 'segment')] : []),
  ]
  return parts.length === 0 ? 'not used' : `used by ${parts.join(' and ')}`
}

const conditionWords = ({ when }: SegmentParts): string =>
  when === undefined ? 'no condition: only those who are listed' : describeCondition(when)

/** What differs between two segments, their lists aside. */
export function segmentDiff(before: SegmentParts, after: SegmentParts): readonly Difference[] {
  const fields = [
    { what: 'Name', before: before.name, after: after.name },
    { what: 'Everybody for whom this holds', before: conditionWords(before), after: conditionWords(after) },
  ]
  return fields.filter(field => field.before !== field.after)
}

interface Moved {
  readonly gains: { readonly count: number }
  readonly losses: { readonly count: number }
}

type Reached = Pick<FlagForecast, 'flag' | 'environment'> & {
  readonly forecast: { readonly accounts: Moved; readonly users: Moved }
}

/** "3 accounts gain it"; undefined if nobody does either. */
function movedWords({ gains, losses }: Moved, unit: string): string | undefined {
  const parts = [
    ...(gains.count > 0 ? [`${counted(gains.count, unit)} ${gains.count === 1 ? 'gains' : 'gain'} it`] : []),
    ...(losses.count > 0 ? [`${counted(losses.count, unit)} ${losses.count === 1 ? 'loses' : 'lose'} it`] : []),
  ]
  return parts.length === 0 ? undefined : parts.join(', ')
}

/** "new-pdf-engine in production: 3 accounts gain it, 2 users lose it." */
export function reachWords({ flag, environment, forecast }: Reached): string {
  const moved = [movedWords(forecast.accounts, 'account'), movedWords(forecast.users, 'user')].filter(
    part => part !== undefined,
  )
  return `${flag} in ${environment}: ${moved.length === 0 ? 'nobody gains or loses it' : moved.join('; ')}.`
}
