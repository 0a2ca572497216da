/** How a batch of events becomes rows. Pure. */
import type { EventBatch, ExposureCount, FirstExposure, Track } from '@dimmer/protocol'

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

const iso = (at: number): string => new Date(at).toISOString()

/** One value per key, keys in order: two batches that touch the same rows then never wait for each other in a circle. */
function mergeByKey<T>(items: readonly T[], keyOf: (item: T) => string, merge: (a: T, b: T) => T): readonly T[] {
  const merged = new Map<string, T>()
  for (const item of items) {
    const key = keyOf(item)
    const known = merged.get(key)
    merged.set(key, known === undefined ? item : merge(known, item))
  }
  return [...merged.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item)
}

/** Evaluation counts by the hour in which they arrived; '' stands for the code's fallback. */
export function hourlyCounts(exposures: readonly ExposureCount[], receivedAt: number) {
  const hour = iso(Math.floor(receivedAt / HOUR_MS) * HOUR_MS)
  const rows = exposures.map(({ flag, flagVersion, variant, count }) => ({
    flag,
    flag_version: flagVersion,
    variant: variant ?? '',
    hour,
    count,
  }))
  return mergeByKey(
    rows,
    row => `${row.flag}\n${row.flag_version}\n${row.variant}`,
    (a, b) => ({ ...a, count: a.count + b.count }),
  )
}

/**
 * Who was served by which rule (`treated`) and who was held out of which rule's share (`control`). One exposure can be
 * both: held out of one rule, served by a later one. The fallthrough has no rule id: ''.
 */
export function exposureRows(exposures: readonly FirstExposure[]) {
  const rows = exposures.flatMap(exposure => {
    const row = {
      flag: exposure.flag,
      unit: exposure.unit,
      flag_version: exposure.flagVersion,
      unit_id: exposure.unitId,
      variant: exposure.variant,
      first_at: iso(exposure.at),
    }
    const served = { ...row, rule: exposure.rule ?? '', arm: 'treated' }
    if (exposure.heldOutBy === null) return [served]
    const heldOut = { ...row, rule: exposure.heldOutBy, arm: 'control' }
    return exposure.rule === null ? [heldOut] : [served, heldOut]
  })
  return mergeByKey(
    rows,
    row => [row.flag, row.rule, row.unit, row.flag_version, row.arm, row.unit_id].join('\n'),
    (a, b) => (a.first_at <= b.first_at ? a : b),
  )
}

/** One row per unit that a track belongs to. */
export const unitEventRows = (tracks: readonly Track[]) =>
  tracks.flatMap(track =>
    Object.entries(track.units).map(([unit, unit_id]) => ({
      name: track.name,
      unit,
      unit_id,
      at: iso(track.at),
      ok: track.ok ?? true,
      ms: track.ms ?? null,
      value: track.value ?? null,
      creates: track.creates ?? null,
    })),
  )

/** ISO texts in UTC sort as the times they stand for. */
const later = (a: string, b: string): string => (a < b ? b : a)

/** Per event name and unit: how many there are and when the last one was. */
export const eventNameRows = (rows: readonly { name: string; unit: string; at: string }[]) =>
  mergeByKey(
    rows.map(({ name, unit, at }) => ({ name, unit, last_at: at, count: 1 })),
    row => `${row.name}\n${row.unit}`,
    (a, b) => ({ ...a, last_at: later(a.last_at, b.last_at), count: a.count + b.count }),
  )
