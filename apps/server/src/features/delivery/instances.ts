import type { InstanceView, Receipt, ReceiptSummary, SharedInstance } from '@dimmer/protocol'
import { steady } from '../../kernel/steady.ts'
import type { Clock } from '../../ports/clock.ts'
import {
  fromShared,
  type InstanceRecord,
  isPresent,
  newRecord,
  notePoll,
  noteVersion,
  type Reporter,
  toShared,
} from './instance-record.ts'
import { summarize, viewInstances } from './receipt-summary.ts'

/** How long an instance that went away is still listed, in ms. */
const REMEMBERED_MS = 10 * 60_000
/** A node or an edge that says nothing for this long is gone, and its instances with it. */
const SILENT_MS = 10_000
/** How many versions' commit times are kept, of each environment. */
const KEPT_COMMITS = 200
/** More than this, of one environment, are not kept track of. */
const MAX_RECORDS = 50_000
/** Many receipts come together: those who wait for them look this often, in ms. */
const LOOK_EVERY_MS = 5

interface Environment {
  readonly records: Map<string, InstanceRecord>
  readonly committed: Map<number, number>
  /** How many of the records with this id are there. Each stream that begins asks for the number of ids. */
  readonly present: Map<string, number>
}

export interface ReceiptInput extends Receipt {
  readonly environmentId: string
  readonly instanceId: string
  readonly sdk: string
}

export interface InstanceEvents {
  /** An instance has confirmed a version, to whichever node. */
  readonly onReceipt?: (environmentId: string, version: number, tookMs: number | undefined) => void
  /** What this node knows first hand has changed: `takeChanges` has something. */
  readonly onChange?: () => void
}

/**
 * Which instances there are, of all nodes, and which ruleset version each has confirmed. Kept in memory. What this node
 * knows first hand (its own streams and polls, and what edges report to it) it shares with the others.
 */
export class Instances {
  /** All times that are kept here are of this one: clocks that are set must make nobody late, or gone. */
  readonly #clock: ReturnType<typeof steady>
  readonly #wall: Clock
  readonly #events: InstanceEvents
  readonly #environments = new Map<string, Environment>()
  readonly #reporters = new Map<string, Reporter>()
  readonly #changed = new Set<InstanceRecord>()
  readonly #waiting = new Set<() => void>()
  #lookDue = false

  constructor(clock: Clock, events: InstanceEvents = {}) {
    this.#clock = steady(clock)
    this.#wall = clock
    this.#events = events
  }

  /** A stream was opened; gives the function to call when it closes. */
  connected(environmentId: string, instanceId: string, sdk: string): () => void {
    const record = this.#record({ environmentId, id: instanceId, sdk }, null)
    record.sdk = sdk
    record.streams += 1
    record.state = null
    record.lastPollAt = null
    this.#settle(record)
    return () => {
      record.streams -= 1
      record.lastSeenAt = this.#clock.now()
      this.#settle(record)
    }
  }

  /** It asked for the ruleset; `version` is the one that it has, if it said so. */
  polled(place: { environmentId: string; instanceId: string; sdk: string }, version: number | undefined): void {
    const record = this.#record({ environmentId: place.environmentId, id: place.instanceId, sdk: place.sdk }, null)
    notePoll(record, this.#clock.now())
    if (record.state === 'closed') record.state = null
    if (version !== undefined) this.#note(record, version)
    this.#settle(record)
  }

  /** `at`: epoch ms, by the clock of the node that committed it. */
  committed(environmentId: string, version: number, at: number): void {
    const { committed } = this.#environment(environmentId)
    committed.set(version, at - this.#offset())
    const oldest = committed.keys().next().value
    if (committed.size > KEPT_COMMITS && oldest !== undefined) committed.delete(oldest)
  }

  confirm(receipt: ReceiptInput): void {
    const record = this.#record({ ...receipt, id: receipt.instanceId }, null)
    record.lastSeenAt = this.#clock.now()
    const news = record.state !== receipt.state || record.skips.length !== (receipt.skips?.length ?? 0)
    record.state = receipt.state
    record.skips = receipt.skips ?? []
    if (receipt.state === 'polling') notePoll(record, this.#clock.now())
    if (this.#note(record, receipt.version) || news) this.#touch(record)
    this.#settle(record)
  }

  /** What another node, or an edge, says of its instances. */
  report(from: Pick<Reporter, 'id' | 'kind'>, environmentId: string, shared: readonly SharedInstance[]): void {
    const reporter = this.#heard(from)
    for (const one of shared) {
      const record = this.#record({ environmentId, id: one.id, sdk: one.sdk }, reporter)
      const now = this.#clock.now()
      this.#setPresent(record, one.present)
      if (fromShared(record, one, now)) this.#confirmed(record)
      if (reporter.kind === 'edge') {
        record.via ??= reporter.id
        this.#touch(record)
      }
    }
    this.#wake()
  }

  /** A node or edge is there. False: it is new, or was silent, so that what is known of its instances is out of date. */
  heard(from: Pick<Reporter, 'id' | 'kind'>): boolean {
    const known = this.#reporters.get(from.id)
    const inTouch = known !== undefined && !known.silent
    this.#heard(from)
    return inTouch
  }

  /** A node or edge is gone, and with it, as far as it knew, its instances. */
  silence(reporterId: string): void {
    const reporter = this.#reporters.get(reporterId)
    if (reporter !== undefined) this.#silence(reporter)
  }

  /** How many nodes are known to be there, this one included. */
  get nodes(): number {
    return 1 + [...this.#reporters.values()].filter(({ kind, silent }) => kind === 'node' && !silent).length
  }

  /** Notices who stopped polling, and which nodes and edges fell silent. To be called every second or so. */
  sweep(): void {
    const now = this.#clock.now()
    for (const reporter of this.#reporters.values()) {
      if (!reporter.silent && now - reporter.heardAt >= SILENT_MS) this.#silence(reporter)
    }
    for (const { records } of this.#environments.values()) {
      for (const record of records.values()) if (record.reporter === null && record.present) this.#settle(record)
    }
  }

  get changesWaiting(): number {
    return this.#changed.size
  }

  /** What this node knows first hand and has not yet passed on, by environment. */
  takeChanges(): ReadonlyMap<string, readonly SharedInstance[]> {
    const now = this.#clock.now()
    const changes = new Map<string, SharedInstance[]>()
    for (const record of this.#changed) {
      const list = changes.get(record.environmentId) ?? []
      changes.set(record.environmentId, list)
      list.push(toShared(record, now))
    }
    this.#changed.clear()
    return changes
  }

  /** Everything that this node knows first hand is to be passed on again. */
  passOnAll(): void {
    for (const { records } of this.#environments.values()) {
      for (const record of records.values()) if (isFirstHand(record)) this.#touch(record)
    }
  }

  presentCount(environmentId: string): number {
    return this.#environment(environmentId).present.size
  }

  list(environmentId: string): readonly InstanceView[] {
    return viewInstances(this.#environment(environmentId).records.values(), this.#offset())
  }

  summary(environmentId: string, environmentKey: string, version: number): ReceiptSummary {
    const { records, committed } = this.#environment(environmentId)
    const facts = { environment: environmentKey, version, committedAt: committed.get(version), nodes: this.nodes }
    return summarize(records.values(), facts)
  }

  /** Resolves to the summary when every instance that is there has confirmed the version, or after `waitMs`. */
  async waitFor(place: { id: string; key: string; version: number }, waitMs: number): Promise<ReceiptSummary> {
    const look = () => this.summary(place.id, place.key, place.version)
    if (look().late.length === 0) return look()
    await new Promise<void>(resolve => {
      const done = () => {
        clearTimeout(timer)
        this.#waiting.delete(check)
        resolve()
      }
      const check = () => {
        if (look().late.length === 0) done()
      }
      const timer = setTimeout(done, waitMs)
      this.#waiting.add(check)
    })
    return look()
  }

  /** Forgets instances that have been gone for a while, and reporters without any. */
  forgetGone(): void {
    const before = this.#clock.now() - REMEMBERED_MS
    for (const { records } of this.#environments.values()) {
      for (const [key, record] of records) if (!record.present && record.lastSeenAt < before) records.delete(key)
    }
    for (const [id, reporter] of this.#reporters) {
      if (reporter.silent && reporter.heardAt < before) this.#reporters.delete(id)
    }
  }

  /** What to add to the times kept here for epoch ms. */
  #offset(): number {
    return this.#wall.now() - this.#clock.now()
  }

  #environment(id: string): Environment {
    const known = this.#environments.get(id)
    if (known) return known
    const made: Environment = { records: new Map(), committed: new Map(), present: new Map() }
    this.#environments.set(id, made)
    return made
  }

  #record(place: { environmentId: string; id: string; sdk: string }, reporter: Reporter | null): InstanceRecord {
    const { environmentId, id, sdk } = place
    const { records } = this.#environment(environmentId)
    const key = recordKey({ id, reporter })
    const known = records.get(key)
    if (known) return known
    const made = newRecord({ environmentId, id, sdk }, reporter, this.#clock.now())
    if (records.size < MAX_RECORDS) records.set(key, made)
    return made
  }

  #heard({ id, kind }: Pick<Reporter, 'id' | 'kind'>): Reporter {
    const known = this.#reporters.get(id)
    if (known === undefined) {
      const made: Reporter = { id, kind, heardAt: this.#clock.now(), silent: false }
      this.#reporters.set(id, made)
      return made
    }
    known.heardAt = this.#clock.now()
    known.silent = false
    return known
  }

  #silence(reporter: Reporter): void {
    reporter.silent = true
    for (const { records } of this.#environments.values()) {
      for (const record of records.values()) {
        if (record.reporter !== reporter || !record.present) continue
        this.#setPresent(record, false)
        record.streams = 0
        record.lastSeenAt = Math.max(record.lastSeenAt, reporter.heardAt)
        if (reporter.kind === 'edge') this.#touch(record)
      }
    }
    this.#wake()
  }

  #note(record: InstanceRecord, version: number): boolean {
    const news = noteVersion(record, version, this.#clock.now())
    if (news) {
      this.#confirmed(record)
      this.#touch(record)
    }
    return news
  }

  #confirmed({ environmentId, version, confirmations }: InstanceRecord): void {
    if (version === null) return
    const committedAt = this.#environment(environmentId).committed.get(version)
    const at = confirmations.at(-1)?.at
    const tookMs = committedAt === undefined || at === undefined ? undefined : Math.max(0, at - committedAt)
    this.#events.onReceipt?.(environmentId, version, tookMs)
    this.#wake()
  }

  /** Works out whether an instance of this node is there. */
  #settle(record: InstanceRecord): void {
    const present = isPresent(record, this.#clock.now())
    if (present === record.present) return
    this.#setPresent(record, present)
    this.#touch(record)
    this.#wake()
  }

  #setPresent(record: InstanceRecord, isThere: boolean): void {
    if (record.present === isThere) return
    record.present = isThere
    const { records, present } = this.#environment(record.environmentId)
    // Of those beyond the limit nothing is kept.
    if (records.get(recordKey(record)) !== record) return
    const count = (present.get(record.id) ?? 0) + (isThere ? 1 : -1)
    if (count > 0) present.set(record.id, count)
    else present.delete(record.id)
  }

  #touch(record: InstanceRecord): void {
    this.#changed.add(record)
    this.#events.onChange?.()
  }

  #wake(): void {
    if (this.#lookDue || this.#waiting.size === 0) return
    this.#lookDue = true
    setTimeout(() => {
      this.#lookDue = false
      for (const check of [...this.#waiting]) check()
    }, LOOK_EVERY_MS)
  }
}

const recordKey = ({ id, reporter }: Pick<InstanceRecord, 'id' | 'reporter'>): string =>
  reporter === null ? id : `${reporter.id}\n${id}`

const isFirstHand = ({ reporter }: InstanceRecord): boolean => reporter === null || reporter.kind === 'edge'
