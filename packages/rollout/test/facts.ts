import type { Arm, GuardrailFacts, StageFacts, UnitFact } from '@dimmer/rollout'
import { T0 } from './plans.ts'

const MINUTE = 60_000

/** `count` units that behave alike; failures come one a minute, from the first minute of the stage on, unless `failsFrom` says later. */
export interface Behaviour {
  readonly count: number
  readonly events?: number
  readonly failures?: number
  readonly slow?: number
  /** Minutes after the stage's start. */
  readonly failsFrom?: number
  readonly run?: boolean
}

/** Units of one arm; the times of their first failures are a second apart, so that each is a tick of its own. */
function unitsOf(arm: Arm, startedAt: number, behaviours: readonly Behaviour[]): UnitFact[] {
  return behaviours.flatMap(({ count, events = 10, failures = 0, slow = 0, failsFrom = 1, run = false }) =>
    Array.from({ length: count }, (_, index) => {
      const first = startedAt + failsFrom * MINUTE + index * 1000
      return {
        arm,
        enteredAt: startedAt,
        events,
        failures,
        slow,
        ...(failures > 0 && { firstFailureAt: first }),
        ...(run && { failureRunAt: first + 2 * MINUTE }),
      }
    }),
  )
}

export interface StageInput {
  readonly stage?: number
  readonly share: number
  readonly startedAt?: number
  readonly treated: readonly Behaviour[]
  readonly control: readonly Behaviour[]
  readonly seen?: StageFacts['seen']
  readonly crossed?: number
}

export function stageFacts({
  stage = 0,
  share,
  startedAt = T0,
  treated,
  control,
  seen,
  crossed = 0,
}: StageInput): StageFacts {
  const units = [...unitsOf('treated', startedAt, treated), ...unitsOf('control', startedAt, control)]
  const total = units.length
  return {
    stage,
    share,
    startedAt,
    units,
    seen: seen ?? { treated: Math.round(total * share), control: total - Math.round(total * share) },
    crossed,
  }
}

export function factsOf(
  guardrailId: string,
  stages: readonly StageFacts[],
  lastEventAt: number | undefined = T0,
): GuardrailFacts {
  return { guardrailId, stages, lastEventAt }
}
