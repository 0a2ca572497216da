import type { SegmentListView, SegmentUse, SegmentView } from '@dimmer/protocol'
import { counted } from '../../shared/format/number.ts'
import { describeCondition } from '../flags/index.ts'

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
