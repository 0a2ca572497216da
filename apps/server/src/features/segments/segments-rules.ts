import type { Segment, SegmentKey } from '@dimmer/engine'
import type { PatchSegment, SegmentListView, SegmentUse, SegmentView } from '@dimmer/protocol'
import type { ListName, SegmentRow } from './segments-store.ts'

const count = (row: SegmentRow, of: ListName) => (of === 'list' ? row.list_count : row.exclude_count)
const sample = (row: SegmentRow, of: ListName) => (of === 'list' ? row.list_sample : row.exclude_sample)

function presentList(row: SegmentRow, of: ListName): { readonly [K in ListName]?: SegmentListView } {
  const list = row.definition[of]
  return list === undefined ? {} : { [of]: { unit: list.unit, count: count(row, of), sample: sample(row, of) } }
}

/** A segment as pages show it: its lists by their size and first ids. */
export const presentSegment = (row: SegmentRow, usedBy: readonly SegmentUse[]): SegmentView => ({
  key: row.key,
  name: row.name,
  ...(row.definition.when && { when: row.definition.when }),
  ...presentList(row, 'list'),
  ...presentList(row, 'exclude'),
  usedBy,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
})

/** A segment as the journal keeps it: no second copy of a million ids, but their digest. */
export function describeSegment(row: SegmentRow) {
  const { key: _, list, exclude, ...rest } = row.definition
  const described = (of: ListName, digest: string | null) => ({
    ids: count(row, of),
    first: sample(row, of),
    md5: digest,
  })
  return {
    name: row.name,
    ...rest,
    ...(list && { list: { ...list, ...described('list', row.list_digest) } }),
    ...(exclude && { exclude: { ...exclude, ...described('exclude', row.exclude_digest) } }),
  }
}

/** The segment with some of its parts replaced or taken away. */
export function patched(segment: Segment, parts: Pick<PatchSegment, 'when' | 'list' | 'exclude'>): Segment {
  const pick = <K extends 'when' | 'list' | 'exclude'>(part: K): Partial<Pick<Segment, K>> => {
    const given = parts[part]
    const value = given === undefined ? segment[part] : given
    return value === null || value === undefined ? {} : ({ [part]: value } as Pick<Segment, K>)
  }
  return { key: segment.key, ...pick('when'), ...pick('list'), ...pick('exclude') }
}

/** In words: 'rule "pilots" of new-pdf-engine in production', 'the segment "outer"'. */
export const useWords = (use: SegmentUse): string =>
  use.kind === 'segment'
    ? `the segment "${use.segment}"`
    : `the rule "${use.rule}" of "${use.flag}" in ${use.environment}`

export type SegmentUses = ReadonlyMap<SegmentKey, readonly SegmentUse[]>

/** All uses by the segment that is used. */
export function groupUses(uses: readonly { readonly segment: SegmentKey; readonly use: SegmentUse }[]): SegmentUses {
  const groups = new Map<SegmentKey, SegmentUse[]>()
  for (const { segment, use } of uses) {
    const group = groups.get(segment) ?? []
    groups.set(segment, group)
    group.push(use)
  }
  return groups
}
