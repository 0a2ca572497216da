import { randomUUID } from 'node:crypto'
import { compile, evaluate, type Ruleset } from '@dimmer/engine'
import type { EventBatchInput } from '@dimmer/protocol'
import type { Clock } from '../src/ports/clock.ts'

export interface FleetOptions {
  readonly url: string
  readonly key: string
  readonly clock: Clock
  readonly accounts: number
}

/** What one request of an account on one variant comes to; `name`: of the event, "pdf.generated" if absent. */
export type Outcome = (
  account: number,
  onNew: boolean,
) => { readonly ok: boolean; readonly ms?: number; readonly name?: string }

/**
 * Many accounts that each ask for the flag once and report how it went: the events that a real SDK would send, made with
 * the real engine from the real ruleset.
 */
export class Fleet {
  readonly #options: FleetOptions
  readonly exposed = new Set<string>()

  constructor(options: FleetOptions) {
    this.#options = options
  }

  #headers(): Record<string, string> {
    return { authorization: `Bearer ${this.#options.key}`, 'content-type': 'application/json' }
  }

  async ruleset(): Promise<Ruleset> {
    const response = await fetch(`${this.#options.url}/sdk/v1/ruleset`, { headers: this.#headers() })
    return response.json()
  }

  async send(batch: EventBatchInput): Promise<Response> {
    return fetch(`${this.#options.url}/sdk/v1/events`, {
      method: 'POST',
      headers: this.#headers(),
      body: JSON.stringify(batch),
    })
  }

  /** One request of each account. */
  async round(outcome: Outcome): Promise<void> {
    const snapshot = compile(await this.ruleset())
    const now = this.#options.clock.now()
    const firstExposures = []
    const tracks = []
    for (let account = 0; account < this.#options.accounts; account++) {
      const accountId = `acc-${account}`
      const given = evaluate(snapshot, 'new-pdf-engine', { accountId }, now)
      if (given.variant === undefined || given.unit === undefined) continue
      if (given.value === true) this.exposed.add(accountId)
      firstExposures.push({
        flag: given.flagKey,
        flagVersion: given.flagVersion,
        variant: given.variant,
        unit: given.unit,
        unitId: accountId,
        rule: given.reason.kind === 'rule' ? given.reason.ruleId : null,
        heldOutBy: given.heldOutBy ?? null,
        at: now,
      })
      tracks.push({
        name: 'pdf.generated',
        at: now,
        units: { account: accountId },
        ...outcome(account, given.value === true),
      })
    }
    const response = await this.send({ batchId: randomUUID(), sentAt: now, firstExposures, tracks })
    if (response.status !== 202) throw new Error(`events were refused: ${await response.text()}`)
  }

  /** One request of each account by code that does not ask for the flag. */
  async trackOnly(outcome: Outcome): Promise<void> {
    const now = this.#options.clock.now()
    const tracks = Array.from({ length: this.#options.accounts }, (_, account) => ({
      name: 'pdf.generated',
      at: now,
      units: { account: `acc-${account}` },
      ...outcome(account, false),
    }))
    const response = await this.send({ batchId: randomUUID(), sentAt: now, tracks })
    if (response.status !== 202) throw new Error(`events were refused: ${await response.text()}`)
  }
}
