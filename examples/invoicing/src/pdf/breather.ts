import { setImmediate } from 'node:timers/promises'
import { RenderTimeout } from './pdf-engine.ts'

const SLICE_MS = 5

/** Lets long work share the event loop: other requests are served between two slices of a few milliseconds. */
export interface Breather {
  /** True when the slice is used up and `breathe` should be awaited. Cheap enough for every row. */
  due(): boolean
  /** Lets others run; rejects with a `RenderTimeout` once the slices so far have used up the budget. */
  breathe(): Promise<void>
}

/** Processor time of this process in ms: unlike the clock, it stands still while a busy machine does other things. */
function processorMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

export function createBreather(budgetMs: number): Breather {
  let worked = 0
  let sliceStart = performance.now()
  let workStart = processorMs()
  return {
    due: () => performance.now() - sliceStart >= SLICE_MS,
    async breathe() {
      worked += processorMs() - workStart
      if (worked >= budgetMs) throw new RenderTimeout(budgetMs)
      await setImmediate()
      sliceStart = performance.now()
      workStart = processorMs()
    },
  }
}
