import { setImmediate } from 'node:timers/promises'

const SLICE_MS = 5

/** Lets long work share the event loop: other requests are served between two slices of a few milliseconds. */
export interface Breather {
  /** True when the slice is used up and `breathe` should be awaited. Cheap enough for every row. */
  due(): boolean
  /** Lets others run; rejects with the signal's reason if the work is no longer wanted. */
  breathe(): Promise<void>
}

export function createBreather(signal: AbortSignal): Breather {
  let sliceStart = performance.now()
  return {
    due: () => performance.now() - sliceStart >= SLICE_MS,
    async breathe() {
      await setImmediate()
      signal.throwIfAborted()
      sliceStart = performance.now()
    },
  }
}
