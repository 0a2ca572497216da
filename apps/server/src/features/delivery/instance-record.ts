import type { InstanceState, SharedInstance, SkippedPart } from '@dimmer/protocol'

/** How many confirmations are kept of each instance: of five thousand instances there are many. */
const KEPT_CONFIRMATIONS = 20
/** An instance that polls is missed when nothing came for this long, or for three of its pauses. */
const POLL_PATIENCE_MS = 45_000

/** Who knows of an instance that isn't connected to this node: another node, or an edge that reports to this one. */
export interface Reporter {
  readonly id: string
  readonly kind: 'node' | 'edge'
  /** When it was last heard of, epoch ms; it speaks every few seconds. */
  heardAt: number
  silent: boolean
}

/** One instance, as one reporter knows it (null: it is connected to this node). */
export interface InstanceRecord {
  readonly environmentId: string
  readonly id: string
  readonly reporter: Reporter | null
  sdk: string
  /** The edge that it is connected to; null: a server. */
  via: string | null
  /** In its own words, with its last receipt; null: it hasn't said. */
  state: InstanceState | null
  streams: number
  /** It is there: it has a stream, polls, or its reporter says so. */
  present: boolean
  lastSeenAt: number
  lastPollAt: number | null
  pollPauseMs: number
  version: number | null
  /** What of that version it goes on without. */
  skips: readonly SkippedPart[]
  /** When it first confirmed each version, oldest first. */
  confirmations: { readonly version: number; readonly at: number }[]
}

export const newRecord = (
  place: { environmentId: string; id: string; sdk: string },
  reporter: Reporter | null,
  now: number,
): InstanceRecord => ({
  ...place,
  reporter,
  via: null,
  state: null,
  streams: 0,
  present: false,
  lastSeenAt: now,
  lastPollAt: null,
  pollPauseMs: 0,
  version: null,
  skips: [],
  confirmations: [],
})

/** Takes a confirmation. A lower version is believed: the instance was started anew. */
export function noteVersion(record: InstanceRecord, version: number, at: number): boolean {
  if (version === record.version) return false
  if (record.version !== null && version < record.version) {
    record.confirmations = record.confirmations.filter(confirmation => confirmation.version <= version)
  }
  record.version = version
  record.confirmations.push({ version, at })
  if (record.confirmations.length > KEPT_CONFIRMATIONS) record.confirmations.shift()
  return true
}

export function notePoll(record: InstanceRecord, now: number): void {
  record.lastSeenAt = now
  // It has a stream, by which it is known to be there, and to be gone when that ends.
  if (record.streams > 0) return
  if (record.lastPollAt !== null) record.pollPauseMs = now - record.lastPollAt
  record.lastPollAt = now
}

/** Whether an instance of this node is there. */
export function isPresent(record: InstanceRecord, now: number): boolean {
  if (record.state === 'closed') return false
  if (record.streams > 0) return true
  const patienceMs = Math.max(POLL_PATIENCE_MS, 3 * record.pollPauseMs)
  return record.lastPollAt !== null && now - record.lastPollAt < patienceMs
}

export function toShared(record: InstanceRecord, now: number): SharedInstance {
  const confirmed = record.confirmations.at(-1)
  return {
    id: record.id,
    sdk: record.sdk,
    via: record.via,
    state: record.state,
    present: record.present,
    streaming: record.streams > 0,
    seenAgoMs: Math.max(0, now - record.lastSeenAt),
    version: record.version,
    confirmedAgoMs: confirmed === undefined ? null : Math.max(0, now - confirmed.at),
    ...(record.skips.length > 0 && { skips: [...record.skips] }),
  }
}

/** Takes over what another says, but for whether it is there. True: it confirmed something new. */
export function fromShared(record: InstanceRecord, shared: SharedInstance, now: number): boolean {
  record.sdk = shared.sdk
  record.via = shared.via
  record.state = shared.state
  record.streams = shared.streaming ? 1 : 0
  record.lastSeenAt = now - shared.seenAgoMs
  record.skips = shared.skips ?? []
  if (shared.version === null) return false
  return noteVersion(record, shared.version, now - (shared.confirmedAgoMs ?? 0))
}
