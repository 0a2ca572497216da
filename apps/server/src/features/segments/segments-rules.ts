import { createHash } from 'node:crypto'
import type { Segment, SegmentKey, UnitList } from '@dimmer/engine'
import type { PatchSegment, SegmentListView, SegmentParts, SegmentUse, SegmentView } from '@dimmer/protocol'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import type { ListName, SegmentRow } from './segments-store.ts'

const count = (row: SegmentRow, of: ListName) => (of === 'list' ? row.list_count : row.exclude_count)
const sample = (row: SegmentRow, of: ListName) => (of === 'list' ? row.list_sample : row.exclude_sample)

function presentList(row: SegmentRow, of: ListName): { readonly [K in ListName]?: SegmentListView } {
  const list = row.definition[of]
  return list === undefined ? {} : { [of]: { unit: list.unit, count: count(row, of), sample: sample(row, of) } }
}

/** The parts of a segment as pages show them: its lists by their size and first ids. */
export const presentParts = (row: SegmentRow): SegmentParts => ({
  name: row.name,
  ...(row.definition.when && { when: row.definition.when }),
  ...presentList(row, 'list'),
  ...presentList(row, 'exclude'),
})

export const presentSegment = (row: SegmentRow, usedBy: readonly SegmentUse[]): SegmentView => ({
  key: row.key,
  ...presentParts(row),
  usedBy,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
})

const listParts = (of: ListName, list: UnitList | undefined): { readonly [K in ListName]?: SegmentListView } =>
  list === undefined ? {} : { [of]: { unit: list.unit, count: list.ids.length, sample: list.ids.slice(0, 10) } }

/** The same of a segment that is not stored. */
export const partsOf = (name: string, { when, list, exclude }: Segment): SegmentParts => ({
  name,
  ...(when && { when }),
  ...listParts('list', list),
  ...listParts('exclude', exclude),
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

/** Tells whether two states of a segment take in the same units; its name does not count. */
export const digestOf = ({ definition, list_digest, exclude_digest }: SegmentRow): string =>
  createHash('sha256').update(canonicalJson({ definition, list_digest, exclude_digest })).digest('hex')

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
