import { requirePositive } from '../numeric/checks.ts'

/** From, until and width in ms; `from` and `until` epoch ms. */
export type LookSpan = { readonly from: number; readonly until: number; readonly width: number }

/**
 * Look times `from + width, from + 2 width, ...` up to `until`. Only whole ticks: a tick that is still running would
 * change later, and evidence that was acted on must be the same on replay. Empty while no tick is complete.
 */
export function evenLooks({ from, until, width }: LookSpan): number[] {
  requirePositive('tick width', width)
  if (!Number.isFinite(from) || !Number.isFinite(until)) throw new RangeError('from and until must be times in ms')
  const whole = Math.max(0, Math.floor((until - from) / width))
  return Array.from({ length: whole }, (_, index) => from + (index + 1) * width)
}
