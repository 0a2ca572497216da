import type { EventNameHealth, MetricHealth } from '@dimmer/protocol'
import { eventsOf, type MetricDefinition } from '@dimmer/rollout'

/** What is known of an environment when metrics are looked at. */
export interface Arrivals {
  readonly names: readonly EventNameHealth[]
  /** Whether it has a Prometheus to ask. */
  readonly prometheus: boolean
}

const DAY_MS = 86_400_000

interface EventArrival {
  readonly name: string
  readonly units: readonly string[]
  readonly lastAt: string | undefined
  readonly perMinute: number
}

/** An event that is told for several units at once counts once. */
function arrivalOf(name: string, unit: string | undefined, { names }: Arrivals): EventArrival {
  const all = names.filter(one => one.name === name)
  const own = all.filter(one => unit === undefined || one.unit === unit)
  return {
    name,
    units: all.map(one => one.unit),
    lastAt: own
      .map(({ lastAt }) => lastAt)
      .toSorted()
      .at(-1),
    perMinute: Math.max(0, ...own.map(({ perMinute }) => perMinute)),
  }
}

const quoted = (names: readonly string[]): string => names.map(name => `"${name}"`).join(' and ')

function outside({ prometheus }: Arrivals): MetricHealth {
  const sentence = prometheus
    ? 'Asked from Prometheus while a rollout is judged by it.'
    : 'This environment has no Prometheus connection, so nothing can be asked.'
  return { state: 'outside', lastAt: null, perMinute: 0, missing: [], units: [], sentence }
}

function neverSentence({ kind }: MetricDefinition, missing: readonly string[]): string {
  const never = `${quoted(missing)} ${missing.length === 1 ? 'has' : 'have'} never arrived here.`
  return kind === 'tickets'
    ? `${never} Without tickets all is well, if a help desk is connected.`
    : `${never} Is the name right, and does the code send it?`
}

/** How the events of a metric arrive. With several names, the metric is as healthy as the worst of them. */
export function metricHealth(metric: MetricDefinition, arrivals: Arrivals, now: number): MetricHealth {
  if (metric.kind === 'external') return outside(arrivals)
  const events = eventsOf(metric).map(name => arrivalOf(name, metric.unit, arrivals))
  const missing = events.filter(({ units }) => units.length === 0).map(({ name }) => name)
  const lastAt = events.map(event => event.lastAt ?? '').toSorted()[0] || null
  const units = [...new Set(events.flatMap(event => event.units))]
  const known = { lastAt, perMinute: Math.min(...events.map(({ perMinute }) => perMinute)), missing, units }
  if (missing.length > 0) return { ...known, state: 'never', sentence: neverSentence(metric, missing) }
  const elsewhere = events.find(event => event.lastAt === undefined)
  if (lastAt === null) {
    const sentence = `"${elsewhere?.name}" arrives for ${units.join(' and ')}, and never for ${metric.unit}.`
    return { ...known, state: 'other-unit', sentence }
  }
  if (now - Date.parse(lastAt) > DAY_MS) {
    return { ...known, state: 'quiet', sentence: 'Nothing has arrived for more than a day.' }
  }
  return { ...known, state: 'arriving', sentence: `Its events say which ${units.join(' and ')} they belong to.` }
}
