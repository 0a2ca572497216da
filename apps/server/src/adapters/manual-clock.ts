import type { Clock } from '../ports/clock.ts'

/** A clock that stands still until it is told otherwise, for tests and for stories in fast motion. */
export interface ManualClock extends Clock {
  /** Goes forward: time passes. @throws RangeError for a negative number of ms. */
  advance(ms: number): void
  /** Is set to an epoch in ms, also back: no time passes, so that the steady clock stands still. */
  set(epochMs: number): void
}

/** Starts at an epoch in ms. */
export function createManualClock(startMs: number): ManualClock {
  let time = finite(startMs)
  let steady = time
  return {
    now: () => time,
    steady: () => steady,
    advance: ms => {
      if (!(ms >= 0)) throw new RangeError(`A clock cannot advance by ${ms} ms`)
      time = finite(time + ms)
      steady += ms
    },
    set: epochMs => {
      time = finite(epochMs)
    },
  }
}

function finite(epochMs: number): number {
  if (!Number.isFinite(epochMs)) throw new RangeError(`${epochMs} is not a time`)
  return epochMs
}
