/** For tests: users of the sample project's A/B test, of very different sizes, each of which does about as much as before. */
import { randomUUID } from 'node:crypto'
import { compile, evaluate, type Snapshot } from '@dimmer/engine'
import type { EventBatchInput, FirstExposure } from '@dimmer/protocol'
import { seededRandom } from '../../../packages/stats/test/random.ts'

export const REDESIGN = 'redesigned-dashboard'

export interface RedesignOptions {
  readonly url: string
  /** A server key. */
  readonly key: string
  readonly clock: { readonly now: () => number }
  readonly users: number
  /** How much what a user does differs from one time to the next; 0.3 is a third. */
  readonly noise: number
}

/** How many times as much as usual. */
export interface Times {
  readonly created: number
  readonly exported: number
}

const AT_ONCE = 500

const partsOf = <T>(items: readonly T[]): readonly T[][] =>
  Array.from({ length: Math.ceil(items.length / AT_ONCE) }, (_, part) =>
    items.slice(part * AT_ONCE, part * AT_ONCE + AT_ONCE),
  )

export class RedesignUsers {
  readonly ids: readonly string[]
  readonly #options: RedesignOptions
  readonly #random = seededRandom(7)
  readonly #sizes: ReadonlyMap<string, number>

  constructor(options: RedesignOptions) {
    this.#options = options
    this.ids = Array.from({ length: options.users }, (_, index) => `user-${index}`)
    this.#sizes = new Map(this.ids.map(id => [id, 20 * Math.exp(0.8 * this.#normal())]))
  }

  /** Each gets the flag as its SDK would decide. */
  async serve(userIds: readonly string[] = this.ids): Promise<readonly FirstExposure[]> {
    const compiled = await this.#snapshot()
    const exposures = userIds.map((userId): FirstExposure => {
      const {
        flagVersion,
        variant = '',
        reason,
        unit = '',
        heldOutBy = null,
      } = evaluate(compiled, REDESIGN, { userId }, 0)
      const rule = reason.kind === 'rule' ? reason.ruleId : null
      return {
        flag: REDESIGN,
        flagVersion,
        variant,
        unit,
        unitId: userId,
        rule,
        heldOutBy,
        at: this.#options.clock.now(),
      }
    })
    for (const firstExposures of partsOf(exposures)) await this.#send({ firstExposures })
    return exposures
  }

  /** What they do, all at once: `invoice.created` and `pdf.exported`, with how many as the value. */
  async act(times: (userId: string) => Times): Promise<void> {
    const tracks = this.ids.flatMap(id => {
      const { created, exported } = times(id)
      const track = { at: this.#options.clock.now(), units: { user: id } }
      return [
        { ...track, name: 'invoice.created', value: this.#amountOf(id) * created },
        { ...track, name: 'pdf.exported', value: this.#amountOf(id) * exported },
      ]
    })
    for (const part of partsOf(tracks)) await this.#send({ tracks: part })
  }

  #normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.#random())) * Math.cos(2 * Math.PI * this.#random())
  }

  #amountOf(id: string): number {
    return (this.#sizes.get(id) ?? 0) * Math.exp(this.#options.noise * this.#normal())
  }

  #headers(): Record<string, string> {
    return { authorization: `Bearer ${this.#options.key}`, 'content-type': 'application/json' }
  }

  async #snapshot(): Promise<Snapshot> {
    const response = await fetch(`${this.#options.url}/sdk/v1/ruleset`, { headers: this.#headers() })
    return compile(await response.json())
  }

  async #send(parts: Pick<EventBatchInput, 'firstExposures' | 'tracks'>): Promise<void> {
    const { url, clock } = this.#options
    const body = JSON.stringify({ batchId: randomUUID(), sentAt: clock.now(), ...parts })
    const { status } = await fetch(`${url}/sdk/v1/events`, { method: 'POST', headers: this.#headers(), body })
    if (status !== 202) throw new Error(`the events were answered with ${status}`)
  }
}
