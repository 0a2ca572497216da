import type { SharedInstance } from '@dimmer/protocol'
import type { Bus } from '../../ports/bus.ts'
import type { Instances } from './instances.ts'

const CHANNEL = 'dimmer_instances'
/** Changes within this time travel together, in ms. */
const TOGETHER_MS = 20
/** Records in one message, at the most. */
const TOGETHER = 250
const ALIVE_EVERY_MS = 3_000

/**
 * What nodes tell each other of their instances. Each message has a number that grows by one, so that a lost one is
 * noticed; then the sender is asked for everything.
 */
type Message =
  | {
      readonly kind: 'changes'
      readonly node: string
      readonly number: number
      readonly environmentId: string
      readonly records: readonly SharedInstance[]
    }
  | { readonly kind: 'alive'; readonly node: string; readonly number: number }
  | { readonly kind: 'tell-all'; readonly node: string; readonly to: string | null }
  | { readonly kind: 'bye'; readonly node: string }

export interface InstanceShareDeps {
  readonly bus: Bus
  readonly instances: Instances
  /** This node's, unlike that of all others, also those before it at the same place. */
  readonly nodeId: string
  readonly onError: (error: unknown) => void
}

/** Shares this node's instances with all other nodes, and takes theirs. */
export class InstanceShare {
  readonly #deps: InstanceShareDeps
  readonly #numbers = new Map<string, number>()
  #number = 0
  #flushDue = false
  #stops: (() => unknown)[] = []

  constructor(deps: InstanceShareDeps) {
    this.#deps = deps
  }

  async start(): Promise<void> {
    const { bus, nodeId } = this.#deps
    const unsubscribe = await bus.subscribe(CHANNEL, text => this.#receive(JSON.parse(text)))
    const offGap = bus.onGap(() => this.#catchUp())
    const alive = setInterval(() => {
      this.#say({ kind: 'alive', node: nodeId, number: this.#number })
    }, ALIVE_EVERY_MS)
    alive.unref()
    this.#stops = [unsubscribe, offGap, () => clearInterval(alive)]
    this.#catchUp()
  }

  async stop(): Promise<void> {
    const { bus, nodeId } = this.#deps
    const bye: Message = { kind: 'bye', node: nodeId }
    if (bus.health() === 'up') await bus.publish(CHANNEL, JSON.stringify(bye)).catch(() => undefined)
    for (const stop of this.#stops.splice(0)) await stop()
  }

  /** There are changes to pass on: soon, and together with those that come meanwhile. */
  due(): void {
    if (this.#flushDue) return
    this.#flushDue = true
    setTimeout(() => {
      this.#flushDue = false
      this.#flush()
    }, TOGETHER_MS).unref()
  }

  #catchUp(): void {
    this.#say({ kind: 'tell-all', node: this.#deps.nodeId, to: null })
    this.#deps.instances.passOnAll()
  }

  #flush(): void {
    for (const [environmentId, records] of this.#deps.instances.takeChanges()) {
      for (let start = 0; start < records.length; start += TOGETHER) {
        this.#number += 1
        const part = records.slice(start, start + TOGETHER)
        this.#say({ kind: 'changes', node: this.#deps.nodeId, number: this.#number, environmentId, records: part })
      }
    }
  }

  #say(message: Message): void {
    // While the bus is down nothing is lost: afterwards everybody tells everything.
    if (this.#deps.bus.health() === 'down') return
    this.#deps.bus.publish(CHANNEL, JSON.stringify(message)).catch(this.#deps.onError)
  }

  #receive(message: Message): void {
    const { instances, nodeId } = this.#deps
    if (message.node === nodeId) return
    const from = { id: message.node, kind: 'node' } as const
    if (message.kind === 'bye') {
      instances.silence(message.node)
      this.#numbers.delete(message.node)
      return
    }
    const inTouch = instances.heard(from)
    if (message.kind === 'tell-all') {
      if (message.to === null || message.to === nodeId) instances.passOnAll()
      return
    }
    if (message.kind === 'changes') instances.report(from, message.environmentId, message.records)
    const expected = (this.#numbers.get(message.node) ?? 0) + (message.kind === 'changes' ? 1 : 0)
    this.#numbers.set(message.node, message.number)
    if (!inTouch || message.number !== expected) this.#say({ kind: 'tell-all', node: nodeId, to: message.node })
  }
}
