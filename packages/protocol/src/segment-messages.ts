/** Messages of the admin API about segments. */
import type { Condition, ForecastGroup, RuleId, SegmentKey, UnitName } from '@dimmer/engine'
import { z } from 'zod'
import { segmentParts } from './flag-schemas.ts'

const name = z.string().min(1, 'a name has at least one character').max(200)

/** Makes a segment or replaces it: a condition, a list of unit ids, or both, without those on `exclude`. */
export const putSegmentSchema = z.strictObject({ name: name.exactOptional(), ...segmentParts })
export type PutSegment = z.infer<typeof putSegmentSchema>

const { when, list, exclude } = segmentParts

/** Changes parts of a segment: what is absent stays as it is, null takes a part away. */
export const patchSegmentSchema = z.strictObject({
  name: name.exactOptional(),
  when: when.unwrap().nullable().exactOptional(),
  list: list.unwrap().nullable().exactOptional(),
  exclude: exclude.unwrap().nullable().exactOptional(),
  /** Refuse if it was changed since; as in `SegmentView.updatedAt`. */
  ifUpdatedAt: z.string().max(40).exactOptional(),
})
export type PatchSegment = z.infer<typeof patchSegmentSchema>

/** Part of a long list. */
export const segmentIdsQuerySchema = z.strictObject({
  of: z.enum(['list', 'exclude']).default('list'),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(100_000).default(1_000),
})
export interface SegmentIdsQuery {
  readonly of?: 'list' | 'exclude'
  readonly offset?: number
  /** 100,000 at the most; absent: 1,000. */
  readonly limit?: number
}

export interface SegmentIds {
  readonly total: number
  readonly ids: readonly string[]
}

/** The parts of a segment as they would be, to see who would be in it; as in `patchSegmentSchema`. */
export const previewSegmentSchema = patchSegmentSchema.pick({ when: true, list: true, exclude: true })
export type PreviewSegment = z.infer<typeof previewSegmentSchema>

/** Who of the directory is in a segment. An account is when any of its users is. */
export interface SegmentMembers {
  readonly accounts: ForecastGroup & { readonly all: number }
  readonly users: ForecastGroup & { readonly all: number }
}

/** A list of ids, without the ids. */
export interface SegmentListView {
  readonly unit: UnitName
  readonly count: number
  /** The first ten. */
  readonly sample: readonly string[]
}

/** What names a segment: a rule of a flag, or another segment. */
export type SegmentUse =
  | { readonly kind: 'rule'; readonly flag: string; readonly environment: string; readonly rule: RuleId }
  | { readonly kind: 'segment'; readonly segment: SegmentKey }

export interface SegmentView {
  readonly key: SegmentKey
  readonly name: string
  readonly when?: Condition
  readonly list?: SegmentListView
  readonly exclude?: SegmentListView
  readonly usedBy: readonly SegmentUse[]
  readonly createdAt: string
  readonly updatedAt: string
}
