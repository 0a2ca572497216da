import { createHash } from 'node:crypto'
import type { SegmentRow } from './segments-store.ts'

/** Longer lists are named by their size and hash: the journal is no second copy of 100,000 ids. */
const MOST_LISTED = 100

const describeList = (ids: readonly unknown[]) =>
  ids.length <= MOST_LISTED
    ? ids
    : { ids: ids.length, sha256: createHash('sha256').update(JSON.stringify(ids)).digest('hex') }

/** A segment as the journal keeps it. */
export function describeSegment({ name, definition }: Pick<SegmentRow, 'name' | 'definition'>) {
  const parts = Object.entries(definition).filter(([part]) => part !== 'key')
  return {
    name,
    ...Object.fromEntries(parts.map(([part, value]) => [part, Array.isArray(value) ? describeList(value) : value])),
  }
}
