/** How a batch of events becomes rows. Pure. */
import type { DroppedEvents, EventBatch, FirstExposure, Track } from '@dimmer/protocol'

const HOUR_MS = 3_600_000
/** A difference of clocks up to this much is taken for the way here, and left alone. */
const CLOCK_TOLERANCE_MS = 30_000

/**
 * The batch in the server's time. A sender whose clock is off by more than the tolerance gets all its times moved by
 * the difference; nothing lies in the future.
 */
export function shiftTo(batch: EventBatch, receivedAt: number): EventBatch {
  const difference = receivedAt - batch.sentAt
  const offset = Math.abs(difference) > CLOCK_TOLERANCE_MS ? difference : 0
  const shift = <T extends { readonly at: number }>(event: T): T => ({
    ...event,
    at: Math.max(0, Math.min(receivedAt, Math.round(event.at + offset))),
  })
  return {
    ...batch,
    firstExposures: batch.firstExposures.map(shift),
    tracks: batch.tracks.map(shift),
    identifies: batch.identifies.map(shift),
  }
}

/** One value per key, keys in order: two commits that touch the same rows then never wait for each other in a circle. */
function mergeByKey<T>(items: readonly T[], keyOf: (item: T) => string, merge: (a: T, b: T) => T): readonly T[] {
  const merged = new Map<string, T>()
  for (const item of items) {
    const key = keyOf(item)
    const known = merged.get(key)
    merged.set(key, known === undefined ? item : merge(known, item))
  }
  return [...merged.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item)
}

const sumOf = <T extends { readonly count: number }>(a: T, b: T): T => ({ ...a, count: a.count + b.count })

/** A batch in the server's time, and where it belongs. */
export interface ReceivedBatch {
  readonly environmentId: string
  readonly projectId: string
  readonly receivedAt: number
  readonly batch: EventBatch
}

/** How many events a batch brings: each unit of a track counts as one. */
export const eventsIn = ({ firstExposures, identifies, exposures, tracks }: EventBatch): number =>
  firstExposures.length +
  identifies.length +
  exposures.length +
  tracks.reduce((sum, { units }) => sum + Object.keys(units).length, 0)

/** Start of the hour, epoch ms. */
const hourOf = (at: number): number => Math.floor(at / HOUR_MS) * HOUR_MS

/** Evaluation counts by the hour in which they arrived; '' stands for the code's fallback. */
export function hourlyCounts(batches: readonly ReceivedBatch[]) {
  const rows = batches.flatMap(({ environmentId, receivedAt, batch }) =>
    batch.exposures.map(({ flag, flagVersion, variant, count }) => ({
      environmentId,
      flag,
      flagVersion,
      variant: variant ?? '',
      hour: hourOf(receivedAt),
      count,
    })),
  )
  return mergeByKey(
    rows,
    row => [row.environmentId, row.flag, row.flagVersion, row.variant, row.hour].join('\n'),
    sumOf,
  )
}

/** Who was served what, or was held out of what, and when first. */
export interface ExposureRow {
  readonly environmentId: string
  readonly flag: string
  readonly rule: string
  readonly arm: 'treated' | 'control'
  readonly unit: string
  readonly flagVersion: number
  readonly unitId: string
  readonly variant: string
  /** Who served a unit that was held out; '' is the fallthrough. Null where `rule` itself did. */
  readonly servedBy: string | null
  readonly at: number
}

function exposureParts(environmentId: string, exposure: FirstExposure): readonly ExposureRow[] {
  const { flag, unit, flagVersion, unitId, variant, at } = exposure
  const row = { environmentId, flag, unit, flagVersion, unitId, variant, at }
  const server = exposure.rule ?? ''
  const served: ExposureRow = { ...row, rule: server, arm: 'treated', servedBy: null }
  if (exposure.heldOutBy === null) return [served]
  const heldOut: ExposureRow = { ...row, rule: exposure.heldOutBy, arm: 'control', servedBy: server }
  return exposure.rule === null ? [heldOut] : [served, heldOut]
}

const earlier = (a: ExposureRow, b: ExposureRow): ExposureRow =>
  a.at < b.at || (a.at === b.at && a.variant <= b.variant) ? a : b

/**
 * Who was served by which rule (`treated`) and who was held out of which rule's share (`control`). One exposure can be
 * both: held out of one rule, served by a later one. The fallthrough has no rule id: ''.
 */
export const exposureRows = (batches: readonly ReceivedBatch[]): readonly ExposureRow[] =>
  mergeByKey(
    batches.flatMap(({ environmentId, batch }) =>
      batch.firstExposures.flatMap(exposure => exposureParts(environmentId, exposure)),
    ),
    row => [row.environmentId, row.flag, row.rule, row.unit, row.flagVersion, row.arm, row.unitId].join('\n'),
    earlier,
  )

/** What an event row says instead of (environment, name, unit). */
export interface EventName {
  readonly environmentId: string
  readonly name: string
  readonly unit: string
}

export const eventNameKey = ({ environmentId, name, unit }: EventName): string => `${environmentId}\n${unit}\n${name}`

/** The tracks of several batches that have one name and one unit. */
export interface NamedTracks extends EventName {
  readonly key: string
  readonly tracks: { readonly unitId: string; readonly track: Track }[]
}

/** All tracks, by name and unit: one entry for each unit that a track belongs to. Keys in order. */
export function namedTracks(batches: readonly ReceivedBatch[]): readonly NamedTracks[] {
  const named = new Map<string, NamedTracks>()
  for (const { environmentId, batch } of batches) {
    for (const track of batch.tracks) {
      for (const [unit, unitId] of Object.entries(track.units)) {
        const name = { environmentId, name: track.name, unit }
        const key = eventNameKey(name)
        const known = named.get(key)
        if (known !== undefined) known.tracks.push({ unitId, track })
        else named.set(key, { ...name, key, tracks: [{ unitId, track }] })
      }
    }
  }
  return [...named.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
}

/** Events that never became rows, and why. */
export interface Drop {
  readonly environmentId: string
  readonly hour: number
  readonly reason: DroppedEvents['reason']
  readonly count: number
}

/** What was dropped, by environment and hour. */
export function hourlyDrops(
  batches: readonly ReceivedBatch[],
  unnamed: readonly NamedTracks[],
  now: number,
): readonly Drop[] {
  const reported = batches.flatMap(({ environmentId, receivedAt, batch }): Drop[] => {
    const place = { environmentId, hour: hourOf(receivedAt) }
    return [
      { ...place, reason: 'sdk-buffer', count: batch.dropped },
      { ...place, reason: 'refused', count: batch.refused ?? 0 },
    ]
  })
  const nameless = unnamed.map(({ environmentId, tracks }): Drop => {
    return { environmentId, hour: hourOf(now), reason: 'too-many-names', count: tracks.length }
  })
  const drops = [...reported, ...nameless].filter(({ count }) => count > 0)
  return mergeByKey(drops, row => [row.environmentId, row.hour, row.reason].join('\n'), sumOf)
}
