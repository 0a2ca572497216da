import { createHash } from 'node:crypto'
import type { Segment, UnitList } from '@dimmer/engine'
import type { ListReference } from '@dimmer/protocol'
import { Compressed } from './compressed.ts'

/** From this many ids on a list travels by its hash, to those who can fetch it. */
const LONG = 1_000
/** Lists that were replaced are kept, this many, for those who are about to fetch them. */
const KEPT_OLD = 8

type Segments = Readonly<Record<string, Segment | null>>
type Reference = ListReference | UnitList

/** A long list as it is fetched: by its hash, always the same bytes. */
export interface LongList {
  readonly hash: string
  readonly body: Compressed
}

/** By the ids themselves: a list that a new version takes over from the last is not read again. */
const known = new WeakMap<readonly string[], LongList>()

function longListOf(ids: readonly string[]): LongList {
  const before = known.get(ids)
  if (before !== undefined) return before
  const bytes = Buffer.from(JSON.stringify(ids))
  const made = { hash: createHash('sha256').update(bytes).digest('base64url'), body: new Compressed(bytes) }
  known.set(ids, made)
  return made
}

const isLong = (list: UnitList | undefined): list is UnitList => list !== undefined && list.ids.length >= LONG

const longIn = (segments: Segments): readonly UnitList[] =>
  Object.values(segments).flatMap(segment => [segment?.list, segment?.exclude].filter(isLong))

/** How many ids there are in long lists. */
export const longIds = (segments: Segments): number => longIn(segments).reduce((sum, { ids }) => sum + ids.length, 0)

const refer = (list: UnitList): Reference =>
  isLong(list) ? { unit: list.unit, hash: longListOf(list.ids).hash, count: list.ids.length } : list

const withReferences = (segment: Segment | null) =>
  segment && {
    ...segment,
    ...(segment.list === undefined ? {} : { list: refer(segment.list) }),
    ...(segment.exclude === undefined ? {} : { exclude: refer(segment.exclude) }),
  }

/** A ruleset or patch with hashes in the place of long lists; the very same object if it has none. */
export function byHash<T extends { readonly segments: Segments }>(message: T): object {
  if (longIn(message.segments).length === 0) return message
  const segments = Object.entries(message.segments).map(([key, segment]) => [key, withReferences(segment)])
  return { ...message, segments: Object.fromEntries(segments) }
}

/** The long lists of one environment, by hash: those of its ruleset, and some that were replaced lately. */
export class LongLists {
  readonly #lists = new Map<string, LongList>()

  use(segments: Segments): void {
    const current = longIn(segments).map(({ ids }) => longListOf(ids))
    for (const list of current) {
      this.#lists.delete(list.hash)
      this.#lists.set(list.hash, list)
    }
    const surplus = this.#lists.size - new Set(current.map(({ hash }) => hash)).size - KEPT_OLD
    for (const hash of [...this.#lists.keys()].slice(0, Math.max(0, surplus))) this.#lists.delete(hash)
  }

  get(hash: string): LongList | undefined {
    return this.#lists.get(hash)
  }
}
