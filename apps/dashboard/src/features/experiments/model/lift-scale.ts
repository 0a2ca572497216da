import type { ArmReading } from '@dimmer/rollout'

type Bounds = Pick<ArmReading, 'lift' | 'lower' | 'upper'>

const STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1] as const
const LARGEST = 1

/** Half of a scale around 0 on which all intervals fit, rounded up; never beyond ±100 %. */
export function liftSpan(arms: readonly Bounds[]): number {
  const largest = Math.max(
    0,
    ...arms.flatMap(({ lift, lower, upper }) => [lift, lower, upper].map(x => Math.abs(x ?? 0))),
  )
  return STEPS.find(step => step >= largest) ?? LARGEST
}

/** Where a lift lies on the scale, 0 to 1; what is beyond lies at its end. */
export const liftAt = (lift: number, span: number): number => Math.min(1, Math.max(0, (lift / span + 1) / 2))
