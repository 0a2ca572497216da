import { setTimeout } from 'node:timers/promises'

export interface PaceOptions {
  /** At most so many turns a second. Absent: no limit. */
  readonly perSecond?: number
  /** No further turn after so many ms. Absent: no limit. */
  readonly durationMs?: number
  /** Ends it early. */
  readonly signal?: AbortSignal
}

/** Waits until it is turn number `index`; false if there is to be no further turn. */
export function createPace({ perSecond, durationMs, signal }: PaceOptions): (index: number) => Promise<boolean> {
  const started = performance.now()
  const endsAt = started + (durationMs ?? Number.POSITIVE_INFINITY)
  const gapMs = perSecond === undefined ? 0 : 1_000 / perSecond
  return async index => {
    const turn = started + index * gapMs
    if (turn >= endsAt) return false
    const wait = turn - performance.now()
    if (wait > 0) await setTimeout(wait, undefined, signal && { signal }).catch(() => undefined)
    return signal?.aborted !== true && performance.now() < endsAt
  }
}
