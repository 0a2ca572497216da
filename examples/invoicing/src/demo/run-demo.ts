import type { AdminClient } from '@dimmer/protocol'
import { canaryPlan } from '../canary-plan.ts'
import { createPopulation, type Population } from '../population/population.ts'
import { monthEnd } from '../traffic/month-end.ts'
import { type PickAccount, runTraffic } from '../traffic/traffic.ts'
import { Visits } from '../traffic/visits.ts'
import { readDashboardTest, shortenWindows } from './dashboard-test.ts'
import { deploy, type Fleet, type FleetOptions } from './fleet.ts'
import { watchRollout } from './watch-rollout.ts'

const PROJECT = 'invoicing'
const PRODUCTION = 'production'

export interface DemoOptions {
  readonly admin: AdminClient
  /** Address of the Dimmer server. */
  readonly url: string
  /** Port of the example's web page; further instances take any. */
  readonly port: number
  readonly say: (line: string) => void
  /** After the story, keep the last release running until the signal. */
  readonly stay: boolean
  /** Ends the demo. */
  readonly signal: AbortSignal
}

/** Many different accounts at first, for the small first stage; then many failures, to tell the engines apart. */
function broadThenMonthEnd(population: Population): PickAccount {
  const later = monthEnd(population)
  let sent = 0
  return random => {
    sent += 1
    return sent < 2_500 ? random.pick(population.accounts) : later(random)
  }
}

/** Traffic from the accounts until the signal; resolves when the last answer has arrived. Bounded to ten minutes. */
function startTraffic(fleet: Fleet, options: { seed: string; calm: boolean; signal: AbortSignal }) {
  const population = createPopulation()
  return runTraffic({
    baseUrls: fleet.urls,
    population,
    requests: 60_000,
    durationMs: 600_000,
    perSecond: 120,
    seed: options.seed,
    accounts: options.calm ? broadThenMonthEnd(population) : 'seats',
    signal: options.signal,
  })
}

interface Chapter {
  readonly title: string
  readonly release: '2.0.0' | '2.0.1'
  readonly calm: boolean
  readonly holds: readonly [string, string, string, string]
}

const CHAPTERS: readonly Chapter[] = [
  {
    title:
      'Release 2.0.0 of the new PDF engine. It has a defect: invoices of over 200 lines, which 3 % of accounts have.',
    release: '2.0.0',
    calm: false,
    holds: ['PT2M', 'PT10S', 'PT10S', 'PT10S'],
  },
  {
    title: 'Release 2.0.1: the defect is mended. The same accounts are first again.',
    release: '2.0.1',
    calm: true,
    holds: ['PT15S', 'PT10S', 'PT10S', 'PT10S'],
  },
]

/** So many users visit the dashboard, for its A/B test: enough to tell the two layouts apart. */
const VISITORS = 1_500
const VISITS_PER_SECOND = 10

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

interface Scene {
  readonly fleetOptions: FleetOptions
  readonly visits: Visits
}

async function sayDashboardTest({ admin, url, say }: DemoOptions): Promise<void> {
  say(`\nBeside it, half of the users see a redesigned dashboard: an A/B test.`)
  const place = { admin, project: PROJECT, environment: PRODUCTION }
  for (const sentence of await readDashboardTest(place)) say(`  ${sentence}`)
  say(`  Its page: ${url}/p/${PROJECT}/experiments/redesigned-dashboard`)
}

async function tell(chapter: Chapter, options: DemoOptions, { fleetOptions, visits }: Scene): Promise<void> {
  const { admin, say, signal } = options
  const stays = options.stay && chapter === CHAPTERS.at(-1)
  say(`\n--- ${chapter.title}\n`)
  const fleet = await deploy(chapter.release, fleetOptions)
  const enough = new AbortController()
  const stop = AbortSignal.any([signal, enough.signal])
  const visited = new AbortController()
  const visiting = visits.run({
    baseUrls: fleet.urls,
    perSecond: VISITS_PER_SECOND,
    signal: AbortSignal.any([signal, visited.signal]),
  })
  try {
    const plan = canaryPlan({ holds: chapter.holds, p95MaxMs: 5_000 })
    const { id } = await admin.createRollout(PROJECT, plan)
    const started = Date.now()
    await admin.actOnRollout(PROJECT, id, { action: 'start' })
    say(`The rollout's page: ${options.url}/p/${PROJECT}/rollouts/${id}`)
    say(`The example's page: ${fleet.urls[0]}\n`)
    const traffic = startTraffic(fleet, { seed: chapter.release, calm: chapter.calm, signal: stop })
    const rollout = await watchRollout({ admin, project: PROJECT, rolloutId: id, say, signal })
    enough.abort()
    const summary = await traffic
    const receipts = await admin.receipts(PROJECT, PRODUCTION)
    const { accounts } = fleetOptions.population
    const exposed = ((100 * rollout.exposedUnits) / accounts.length).toFixed(1)
    say(`\nEnded as ${rollout.state.status} after ${((Date.now() - started) / 1_000).toFixed(0)} s.`)
    say(`  ${rollout.exposedUnits} of ${accounts.length} accounts were ever served the new engine (${exposed} %).`)
    say(
      `  ${summary.sent} PDFs were asked for. ${summary.byEngine.new.failed} failed on the new engine; some fail on either.`,
    )
    say(`  ${receipts.confirmed} of ${receipts.instances} SDK instances run version ${receipts.version}.`)
    if (chapter === CHAPTERS.at(-1)) await sayDashboardTest(options)
    if (stays) {
      say(`\nAll stays up: the dashboard at ${options.url}, the example at ${fleet.urls[0]}. Press Ctrl-C to end.`)
      await aborted(signal)
    }
  } finally {
    enough.abort()
    visited.abort()
    await visiting
    await fleet.stop()
  }
}

/**
 * The invoicing story under live traffic: a defect that is rolled back, then the mended release that goes to all; and beside it
 * the A/B test of the dashboard.
 */
export async function runDemo(options: DemoOptions): Promise<void> {
  const { admin } = options
  const [server, browser] = [
    await admin.createSdkKey(PROJECT, PRODUCTION, { kind: 'server', name: 'demo: invoicing API' }),
    await admin.createSdkKey(PROJECT, PRODUCTION, { kind: 'browser', name: 'demo: invoicing page' }),
  ]
  const fleetOptions: FleetOptions = {
    url: options.url,
    sdkKey: server.key,
    browserKey: browser.key,
    population: createPopulation(),
    instances: 3,
    port: options.port,
  }
  await shortenWindows({ admin, project: PROJECT, environment: PRODUCTION })
  const visits = new Visits(fleetOptions.population, { visitors: VISITORS })
  for (const chapter of CHAPTERS) {
    if (!options.signal.aborted) await tell(chapter, options, { fleetOptions, visits })
  }
}
