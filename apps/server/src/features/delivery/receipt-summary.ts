import type { InstanceState, InstanceView, ReceiptSummary, SkippedPart } from '@dimmer/protocol'
import type { InstanceRecord } from './instance-record.ts'

const NAMED = 100
/** Who went away this long before a change, or later, without having confirmed it, is missed. */
const MISSED_BEFORE_MS = 60_000

/**
 * One instance, put together from all who know of it. Behind a load balancer its stream, its polls and its receipts may
 * each reach another node.
 */
interface Merged {
  readonly id: string
  readonly sdk: string
  readonly via: string | null
  readonly present: boolean
  readonly streaming: boolean
  readonly state: InstanceState | null
  readonly lastSeenAt: number
  /** The latest it confirmed. */
  readonly confirmed: { readonly version: number; readonly at: number } | undefined
  readonly skips: readonly SkippedPart[]
  readonly records: readonly InstanceRecord[]
}

const latest = <T>(items: readonly T[], at: (item: T) => number): T | undefined =>
  items.reduce<T | undefined>((best, item) => (best === undefined || at(item) > at(best) ? item : best), undefined)

function mergeOne(id: string, records: readonly [InstanceRecord, ...InstanceRecord[]]): Merged {
  const streaming = records.filter(record => record.present && record.streams > 0)
  // A poll that one node remembers says nothing of an instance that another has seen leave since.
  const lastSeen = latest(streaming.length > 0 ? streaming : records, ({ lastSeenAt }) => lastSeenAt) ?? records[0]
  const stated = records.filter(({ state }) => state !== null)
  const confirmedAt = (record: InstanceRecord) => record.confirmations.at(-1)?.at ?? 0
  const newest = latest(records, confirmedAt) ?? records[0]
  return {
    id,
    sdk: lastSeen.sdk,
    via: lastSeen.via,
    present: lastSeen.present,
    streaming: streaming.length > 0,
    state: latest(stated, ({ lastSeenAt }) => lastSeenAt)?.state ?? null,
    lastSeenAt: lastSeen.lastSeenAt,
    confirmed: newest.confirmations.at(-1),
    skips: newest.skips,
    records,
  }
}

function merge(records: Iterable<InstanceRecord>): readonly Merged[] {
  const byId = new Map<string, [InstanceRecord, ...InstanceRecord[]]>()
  for (const record of records) {
    const known = byId.get(record.id)
    if (known === undefined) byId.set(record.id, [record])
    else known.push(record)
  }
  return [...byId].map(([id, own]) => mergeOne(id, own))
}

function confirmedAt({ confirmed, records }: Merged, version: number): number | undefined {
  if (confirmed === undefined || confirmed.version < version) return undefined
  const times = records.flatMap(record => record.confirmations.filter(one => one.version >= version))
  return Math.min(...times.map(({ at }) => at))
}

/** What is known of one change. */
export interface ChangeFacts {
  readonly environment: string
  readonly version: number
  /** By the clock of the records; undefined: not known here. */
  readonly committedAt: number | undefined
  /** How many nodes the records come from. */
  readonly nodes: number
}

const names = (instances: readonly Merged[]): readonly string[] => instances.slice(0, NAMED).map(({ id }) => id)

/** Who has taken a version, who is late, and who went away without a word. */
export function summarize(records: Iterable<InstanceRecord>, facts: ChangeFacts): ReceiptSummary {
  const { environment, version, committedAt, nodes } = facts
  const merged = merge(records)
  const present = merged.filter(one => one.present)
  const late = present.filter(one => confirmedAt(one, version) === undefined)
  const vanished = merged.filter(
    one =>
      isMissing(one) &&
      confirmedAt(one, version) === undefined &&
      one.lastSeenAt >= (committedAt ?? 0) - MISSED_BEFORE_MS,
  )
  let slowest: { readonly id: string; readonly at: number } | undefined
  for (const one of present) {
    const at = confirmedAt(one, version)
    if (at !== undefined && (slowest === undefined || at > slowest.at)) slowest = { id: one.id, at }
  }
  const timed = committedAt === undefined ? undefined : slowest
  return {
    environment,
    version,
    nodes,
    instances: present.length,
    confirmed: present.length - late.length,
    slowestMs: timed === undefined || committedAt === undefined ? null : Math.max(0, timed.at - committedAt),
    slowest: timed?.id ?? null,
    late: names(late),
    vanished: names(vanished),
  }
}

const isMissing = ({ present, state }: Merged): boolean => !present && state !== 'closed'

function stateOf({ present, state, streaming }: Merged): InstanceView['state'] {
  if (!present) return 'vanished'
  if (state === null || state === 'closed') return streaming ? 'live' : 'polling'
  return state
}

const view = (one: Merged, offset: number): InstanceView => ({
  instanceId: one.id,
  sdk: one.sdk,
  connected: one.present,
  state: stateOf(one),
  via: one.via,
  version: one.confirmed?.version ?? null,
  confirmedAt: one.confirmed === undefined ? null : new Date(one.confirmed.at + offset).toISOString(),
  lastSeenAt: new Date(one.lastSeenAt + offset).toISOString(),
  skips: one.skips,
})

/**
 * All instances, also those that went away lately; not those that closed in good order. `offset`: what to add to the
 * times of the records for epoch ms.
 */
export const viewInstances = (records: Iterable<InstanceRecord>, offset: number): readonly InstanceView[] =>
  merge(records)
    .filter(one => one.present || isMissing(one))
    .map(one => view(one, offset))
