import type { RatioSlice } from '@dimmer/stats'
import type { Arm, OutcomeFact, OutcomeFacts, OutcomeStage } from '../facts.ts'
import type { RolloutPlan } from '../plan.ts'
import type { PerGroup } from '../verdict.ts'

/** A stage's units whose windows are over, with the chance with which each of them was to be exposed in this stage. */
export interface MatureStage {
  readonly units: readonly OutcomeFact[]
  readonly share: number
}

/** All treated units whose window is over: each is treated once. */
export function matureTreated({ stages }: OutcomeFacts, now: number): OutcomeFact[] {
  return stages.flatMap(({ units }) => units.filter(({ arm, maturesAt }) => arm === 'treated' && maturesAt <= now))
}

/** Of those not exposed before a stage, the share that the stage exposes. */
function shareOf(stage: OutcomeStage, before: OutcomeStage | undefined): number {
  const earlier = before?.share ?? 0
  return (stage.share - earlier) / (1 - earlier)
}

/**
 * Stages that have a comparison group. Both groups count only what matured before the next stage began: from then on
 * some of the comparison group have it too. Within a stage every unit was dealt its group afresh.
 */
export function comparedStages({ stages }: OutcomeFacts, now: number): MatureStage[] {
  return stages.flatMap((stage, index) => {
    if (stage.share >= 1) return []
    const until = Math.min(now, stages[index + 1]?.startedAt ?? now)
    const units = stage.units.filter(({ maturesAt }) => maturesAt <= until)
    return [{ units, share: shareOf(stage, stages[index - 1]) }]
  })
}

/** The smallest and largest of such shares in the whole plan: they size the bets, so they are known beforehand. */
export function shareRange({ stages }: RolloutPlan): { readonly min: number; readonly max: number } {
  const shares = stages.flatMap(({ percent }, index) => {
    const before = (stages[index - 1]?.percent ?? 0) / 100
    return percent < 100 ? [(percent / 100 - before) / (1 - before)] : []
  })
  return { min: Math.min(...shares), max: Math.max(...shares) }
}

/** The sum of `amount` over both groups. */
export function sums(units: readonly OutcomeFact[], amount: (unit: OutcomeFact) => number): PerGroup {
  const of = (arm: Arm): number => units.reduce((sum, unit) => (unit.arm === arm ? sum + amount(unit) : sum), 0)
  return { treated: of('treated'), control: of('control') }
}

/** Sums over sums per stage, as slices: for estimates and bounds of the ratio of the groups. */
export function outcomeSlices(
  stages: readonly MatureStage[],
  value: (unit: OutcomeFact) => number = unit => unit.value,
): RatioSlice[] {
  return stages.flatMap(({ units }) => {
    const k = sums(units, value)
    const exposure = sums(units, unit => unit.per ?? 1)
    if (exposure.treated === 0 || exposure.control === 0) return []
    return [{ kT: k.treated, kC: k.control, exposureT: exposure.treated, exposureC: exposure.control }]
  })
}
