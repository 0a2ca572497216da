/** Customers on their dashboard, in either layout: real requests, bounded in number and in time. */
import { Agent } from 'node:http'
import type { DashboardData } from '../api/page-data.ts'
import { invoiceIdsOf } from '../population/invoices.ts'
import type { Population, User } from '../population/population.ts'
import { createRandom, type Random, shuffled } from '../population/random.ts'
import { createPace } from './pace.ts'
import { requestPdf } from './request-pdf.ts'

/** How many invoices a visitor makes, and how many PDFs a visitor takes away, in the mean. */
interface Habits {
  readonly created: number
  readonly exported: number
}

/** The new dashboard has the form for invoices in front, and the PDFs one click further away. */
const HABITS: Readonly<Record<string, Habits>> = {
  classic: { created: 2.5, exported: 2.5 },
  redesigned: { created: 2.5 * 1.12, exported: 2.5 * 0.92 },
}

export interface VisitOptions {
  /** The API's instances; requests go to them in turn. */
  readonly baseUrls: readonly string[]
  readonly perSecond?: number
  /** Nobody begins a visit after it; those who have begun finish theirs. */
  readonly signal?: AbortSignal
}

/** Visitors so far, by the layout that they were shown, with what they did. */
export type VisitTally = Readonly<Record<string, Readonly<Habits> & { readonly visitors: number }>>

const AT_ONCE = 4
const PATIENCE_MS = 10_000

const DRAFT = JSON.stringify({
  customer: 'Elmford Tools',
  lines: [{ description: 'Repair per hour, device 12', quantity: 2, unitPrice: 8_400 }],
})

/** A whole number with this mean that is never further from it than one. */
const around = (mean: number, random: Random): number => Math.floor(mean) + (random.chance(mean % 1) ? 1 : 0)

/** GET, or POST if there is a body. Undefined: refused, or no answer. */
async function ask(url: string, userId: string, body?: string): Promise<Response | undefined> {
  const headers = { 'x-user-id': userId, ...(body !== undefined && { 'content-type': 'application/json' }) }
  const init = {
    headers,
    signal: AbortSignal.timeout(PATIENCE_MS),
    ...(body !== undefined && { method: 'POST', body }),
  }
  const response = await fetch(url, init).catch(() => undefined)
  return response?.ok === true ? response : undefined
}

/** The layout that the user is shown. */
async function layoutOf(baseUrl: string, userId: string): Promise<string | undefined> {
  const response = await ask(`${baseUrl}/dashboard`, userId)
  if (response === undefined) return undefined
  const { layout } = (await response.json()) as DashboardData
  return layout
}

/**
 * Visits of different users of smaller accounts, none of whom comes twice however often `run` is called. Each looks at the dashboard, makes some
 * invoices and takes some PDFs away: how many of each depends on the layout that came back. Same seed, same visitors.
 */
export class Visits {
  readonly #population: Population
  readonly #seed: string
  readonly #visitors: Iterator<User>
  readonly #tally: Record<string, { visitors: number; created: number; exported: number }> = {}
  #requests = 0

  constructor(population: Population, { visitors, seed = 'visits' }: { visitors: number; seed?: string }) {
    this.#population = population
    this.#seed = seed
    // Invoices of hundreds of lines would keep the machine busy with PDFs.
    const small = population.users.filter(({ accountId }) => population.account(accountId)?.big === false)
    this.#visitors = shuffled(small, createRandom(seed)).slice(0, visitors).values()
  }

  get tally(): VisitTally {
    return this.#tally
  }

  /** Resolves when nobody is left to visit, or after the signal. */
  async run({ baseUrls, ...pacing }: VisitOptions): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
    const pace = createPace(pacing)
    let turn = 0
    const work = async () => {
      while (await pace(turn++)) {
        const { value: user, done } = this.#visitors.next()
        if (done === true) return
        await this.#visit(user, { agent, baseUrls })
      }
    }
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, work))
    } finally {
      agent.destroy()
    }
  }

  #tallyOf(layout: string): { visitors: number; created: number; exported: number } {
    const tally = this.#tally[layout] ?? { visitors: 0, created: 0, exported: 0 }
    this.#tally[layout] = tally
    return tally
  }

  async #visit(user: User, to: { readonly agent: Agent; readonly baseUrls: readonly string[] }): Promise<void> {
    const account = this.#population.account(user.accountId)
    const next = () => to.baseUrls[this.#requests++ % to.baseUrls.length] ?? ''
    const layout = (await layoutOf(next(), user.id)) ?? ''
    const habits = HABITS[layout]
    if (habits === undefined || account === undefined) return
    const tally = this.#tallyOf(layout)
    const random = createRandom(`${this.#seed} ${user.id}`)
    const [created, exported] = [around(habits.created, random), around(habits.exported, random)]
    tally.visitors += 1
    for (let left = created; left > 0; left--) {
      if (await ask(`${next()}/invoices`, user.id, DRAFT)) tally.created += 1
    }
    // The newest one: it has all that a PDF needs.
    const invoiceId = invoiceIdsOf(account).at(-1) ?? ''
    for (let left = exported; left > 0; left--) {
      const request = { baseUrl: next(), accountId: account.id, userId: user.id, invoiceId }
      const { status } = await requestPdf(request, { agent: to.agent, timeoutMs: PATIENCE_MS })
      if (status === 200) tally.exported += 1
    }
  }
}
