/** Customers at work: real HTTP requests from the population, bounded in number and in time. */
import { Agent } from 'node:http'
import type { EngineName } from '../pdf/pdf-engine.ts'
import { invoiceIdsOf } from '../population/invoices.ts'
import type { Account, Population } from '../population/population.ts'
import { createRandom, type Random, weightedPicker } from '../population/random.ts'
import { createPace } from './pace.ts'
import { type PdfAnswer, type PdfRequest, requestPdf } from './request-pdf.ts'

/** One request and what came of it. `ok` is true for a PDF. */
export interface TrafficResult extends PdfRequest, PdfAnswer {
  readonly ok: boolean
}

/** Picks the account of the next request. */
export type PickAccount = (random: Random) => Account

export interface TrafficOptions {
  /** The API's instances, e.g. ["http://127.0.0.1:4500"]; requests go to them in turn. */
  readonly baseUrls: readonly string[]
  readonly population: Population
  /** How many requests to send at most. */
  readonly requests: number
  /** How many may be under way at once. Default 8. */
  readonly concurrency?: number
  /** Sends no further request after so many ms. Absent: no limit. */
  readonly durationMs?: number
  /** At most so many requests a second. Absent: as fast as the answers come. */
  readonly perSecond?: number
  /** Ends it early; requests under way are still counted. */
  readonly signal?: AbortSignal
  /** Who asks: every account alike, accounts by their seats, or a function. Default "uniform". */
  readonly accounts?: 'uniform' | 'seats' | PickAccount
  /** Same seed, same requests in the same order. Default "traffic". */
  readonly seed?: string
  /** Gives up on an answer after so many ms. Default 30,000. */
  readonly timeoutMs?: number
  readonly onResult?: (result: TrafficResult) => void
}

interface Tally {
  ok: number
  failed: number
}

export interface TrafficSummary {
  readonly sent: number
  readonly ok: number
  readonly failed: number
  /** Of those that reached an engine. */
  readonly byEngine: Readonly<Record<EngineName, Readonly<Tally>>>
  /** Ids of the accounts that each engine worked for. */
  readonly accountsOnNew: ReadonlySet<string>
  readonly accountsOnClassic: ReadonlySet<string>
}

function picker(population: Population, accounts: TrafficOptions['accounts']): PickAccount {
  if (typeof accounts === 'function') return accounts
  if (accounts === 'seats') return weightedPicker(population.accounts, account => account.seats)
  return random => random.pick(population.accounts)
}

function* requestsOf(options: TrafficOptions): Generator<PdfRequest, void, void> {
  const { baseUrls, population } = options
  const random = createRandom(options.seed ?? 'traffic')
  const pick = picker(population, options.accounts)
  for (let sent = 0; sent < options.requests; sent++) {
    const baseUrl = baseUrls[sent % baseUrls.length]
    if (baseUrl === undefined) throw new RangeError('Traffic needs at least one base URL')
    const account = pick(random)
    const user = random.pick(population.usersOf(account.id))
    yield { baseUrl, accountId: account.id, userId: user.id, invoiceId: random.pick(invoiceIdsOf(account)) }
  }
}

function createSummary() {
  const summary = {
    sent: 0,
    ok: 0,
    failed: 0,
    byEngine: { classic: { ok: 0, failed: 0 }, new: { ok: 0, failed: 0 } },
    accountsOnNew: new Set<string>(),
    accountsOnClassic: new Set<string>(),
  }
  const add = ({ ok, engine, accountId }: TrafficResult) => {
    const outcome = ok ? 'ok' : 'failed'
    summary.sent += 1
    summary[outcome] += 1
    if (engine === undefined) return
    summary.byEngine[engine][outcome] += 1
    const accounts = engine === 'new' ? summary.accountsOnNew : summary.accountsOnClassic
    accounts.add(accountId)
  }
  return { summary, add }
}

/** Sends the requests and resolves, when all of them are answered, with what came of them. */
export async function runTraffic(options: TrafficOptions): Promise<TrafficSummary> {
  const concurrency = options.concurrency ?? 8
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency })
  const pace = createPace(options)
  const { summary, add } = createSummary()
  const requests = requestsOf(options)
  let turn = 0
  const work = async () => {
    while (await pace(turn++)) {
      const { value: request } = requests.next()
      if (!request) return
      const answer = await requestPdf(request, { agent, timeoutMs: options.timeoutMs ?? 30_000 })
      const result = { ...request, ...answer, ok: answer.status === 200 }
      add(result)
      options.onResult?.(result)
    }
  }
  try {
    await Promise.all(Array.from({ length: concurrency }, work))
  } finally {
    agent.destroy()
  }
  return summary
}
