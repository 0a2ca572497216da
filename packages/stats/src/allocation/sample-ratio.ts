import { addSlices, startTilt, type TiltSlice, tiltLogE } from '../evidence/tilt.ts'

/** Units first seen in one stretch with one planned share: those in T, all of them, T's planned share `w`. */
export type AllocationCount = { readonly nT: number; readonly n: number; readonly w: number }

/** The slice of an allocation count, for a state on grid `G_FINE` that is kept. */
export function allocationSlice({ nT, n, w }: AllocationCount): TiltSlice {
  return { k: nT, n, bound: w }
}

/**
 * Log E of a sample-ratio mismatch, when the planned share may change from stage to stage. Two-sided, on grid `G_FINE`.
 *
 * Source: `tiltLogE` with tilts of both signs; aim as in Lindon & Malek 2022. Null: each unit lands in T with
 * probability exactly w, independently.
 * Exact. Count units, each once. Alarm at alpha 0.001 by custom; it means "hold, the data cannot be trusted", never
 * roll back.
 */
export function sampleRatioLogE(counts: readonly AllocationCount[]): number {
  return tiltLogE(addSlices(startTilt({ grid: 'G_FINE' }), counts.map(allocationSlice)))
}
