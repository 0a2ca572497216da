import type { InstanceView, ReceiptSummary } from '@dimmer/protocol'
import type { Clock } from '../../ports/clock.ts'

/** How long an instance that went away is still listed, in ms. */
const REMEMBERED_MS = 10 * 60_000
/** How many versions' commit times and how many confirmations per instance are kept. */
const KEPT = 200
const NAMED_LATE = 100

interface Instance {
  readonly id: string
  readonly sdk: string
  streams: number
  lastSeenAt: number
  version: number | null
  /** When it first confirmed each version, oldest first. */
  readonly confirmations: { readonly version: number; readonly at: number }[]
}

interface Environment {
  readonly instances: Map<string, Instance>
  readonly committed: Map<number, number>
}

export interface Receipt {
  readonly environmentId: string
  readonly instanceId: string
  readonly sdk: string
  readonly version: number
}

/** Who is connected to this node and which ruleset version each has confirmed. Kept in memory. */
export class Instances {
  readonly #clock: Clock
  readonly #onReceipt: (environmentId: string, version: number) => void
  readonly #environments = new Map<string, Environment>()
  readonly #waiting = new Set<() => void>()

  constructor(clock: Clock, onReceipt: (environmentId: string, version: number) => void = () => undefined) {
    this.#clock = clock
    this.#onReceipt = onReceipt
  }

  /** A stream was opened; gives the function to call when it closes. */
  connected(environmentId: string, instanceId: string, sdk: string): () => void {
    const instance = this.#instance(environmentId, instanceId, sdk)
    instance.streams += 1
    return () => {
      instance.streams -= 1
      instance.lastSeenAt = this.#clock.now()
      this.#wake()
    }
  }

  committed(environmentId: string, version: number, at: number): void {
    const { committed } = this.#environment(environmentId)
    committed.set(version, at)
    const oldest = committed.keys().next().value
    if (committed.size > KEPT && oldest !== undefined) committed.delete(oldest)
  }

  confirm(receipt: Receipt): void {
    const instance = this.#instance(receipt.environmentId, receipt.instanceId, receipt.sdk)
    instance.lastSeenAt = this.#clock.now()
    if (instance.version !== null && receipt.version <= instance.version) return
    instance.version = receipt.version
    instance.confirmations.push({ version: receipt.version, at: this.#clock.now() })
    if (instance.confirmations.length > KEPT) instance.confirmations.shift()
    this.#onReceipt(receipt.environmentId, receipt.version)
    this.#wake()
  }

  connectedCount(environmentId: string): number {
    return this.#connected(environmentId).length
  }

  list(environmentId: string): readonly InstanceView[] {
    return [...this.#environment(environmentId).instances.values()].map(instance => ({
      instanceId: instance.id,
      sdk: instance.sdk,
      connected: instance.streams > 0,
      version: instance.version,
      confirmedAt: isoOrNull(instance.confirmations.at(-1)?.at),
    }))
  }

  summary(environmentId: string, environmentKey: string, version: number): ReceiptSummary {
    const committedAt = this.#environment(environmentId).committed.get(version)
    const connected = this.#connected(environmentId)
    const confirmed = connected.flatMap(instance => {
      const first = instance.confirmations.find(confirmation => confirmation.version >= version)
      return first === undefined ? [] : [{ id: instance.id, at: first.at }]
    })
    const names = new Set(confirmed.map(({ id }) => id))
    const slowest = confirmed.reduce<{ id: string; at: number } | undefined>(
      (worst, one) => (worst === undefined || one.at > worst.at ? one : worst),
      undefined,
    )
    const known = committedAt !== undefined && slowest !== undefined
    return {
      environment: environmentKey,
      version,
      instances: connected.length,
      confirmed: confirmed.length,
      slowestMs: known ? Math.max(0, slowest.at - committedAt) : null,
      slowest: known ? slowest.id : null,
      late: connected
        .filter(({ id }) => !names.has(id))
        .slice(0, NAMED_LATE)
        .map(({ id }) => id),
    }
  }

  /** Resolves to the summary when every connected instance has confirmed the version, or after `waitMs`. */
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

  /** Forgets instances that have been gone for a while. */
  forgetGone(): void {
    const before = this.#clock.now() - REMEMBERED_MS
    for (const { instances } of this.#environments.values()) {
      for (const [id, instance] of instances) {
        if (instance.streams === 0 && instance.lastSeenAt < before) instances.delete(id)
      }
    }
  }

  #connected(environmentId: string): readonly Instance[] {
    return [...this.#environment(environmentId).instances.values()].filter(instance => instance.streams > 0)
  }

  #environment(id: string): Environment {
    const known = this.#environments.get(id)
    if (known) return known
    const made: Environment = { instances: new Map(), committed: new Map() }
    this.#environments.set(id, made)
    return made
  }

  #instance(environmentId: string, id: string, sdk: string): Instance {
    const { instances } = this.#environment(environmentId)
    const known = instances.get(id)
    if (known) return known
    const made: Instance = { id, sdk, streams: 0, lastSeenAt: this.#clock.now(), version: null, confirmations: [] }
    instances.set(id, made)
    return made
  }

  #wake(): void {
    for (const check of [...this.#waiting]) check()
  }
}

const isoOrNull = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString())
