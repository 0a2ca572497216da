/** Whose facts, and what is counted. */
import type { EventSum } from '@dimmer/rollout'

/** Whom a rule of a flag serves ('': its fallthrough), and since which ruleset version. */
export interface Treatment {
  readonly environmentId: string
  readonly flagKey: string
  readonly ruleId: string
  readonly unit: string
  /** Exposures of earlier versions are not this rollout's. */
  readonly fromVersion: number
  /** Nor are those from this version on; null: it goes on. */
  readonly untilVersion: number | null
  /** What is compared: those whom the rule serves with those it holds out (absent), or the variants it deals out. */
  readonly compare?: 'variants'
}

/** One stage begun: the ruleset versions and the time it covers. `until` is exclusive; null: still running. */
export interface StageWindow {
  readonly stage: number
  /** 0 to 1. */
  readonly share: number
  readonly fromVersion: number
  readonly untilVersion: number | null
  readonly startedAt: number
  readonly endedAt: number | null
}

/** A time, epoch ms; the end is exclusive. */
export interface Period {
  readonly from: number
  readonly to: number
}

/** Which events of a unit are counted, and how. */
export interface Measure {
  /** What is added up. */
  readonly of: EventSum
  /** What that is divided by, for ratios. */
  readonly per?: EventSum
  /** Events that took longer are `slow`. */
  readonly slowMs: number
  /** Only events that say how long they took count: one without a duration is neither slow nor fast. */
  readonly timedOnly: boolean
  /** The window begins so long after the unit's first exposure, and lasts so long; ms, null: without end. */
  readonly afterMs: number
  readonly withinMs: number | null
  /** Whether a stage's end ends it too. Windows are measured to their end, as long as the unit keeps what it has. */
  readonly endsWithStage: boolean
  /** Whether runs of failures are of interest. */
  readonly runs: boolean
  /** Whether minutes are, in which a unit was active or failed, weighed by how it was in the day before. */
  readonly minutes: boolean
  /** Whether the durations of each group are. */
  readonly durations: boolean
  /** Whether the same sums are, over a window as long that ended when the first stage began. */
  readonly sumsBefore: boolean
}

/** What the facts of one metric are counted for. */
export interface FactSubject {
  /** The rollout or experiment. */
  readonly owner: string
  /** Guardrail, goal or metric; unique per owner. */
  readonly metricId: string
  readonly treatment: Treatment
  /** In order, each known by its place. */
  readonly stages: readonly StageWindow[]
  readonly measure: Measure
  /** Times at which the flag was off: whatever happened then, happened without it. In order. */
  readonly off: readonly Period[]
}

/** Later than anything that is tracked. */
export const MAX_TIME: number = Date.UTC(9999, 0)

/** When the counting stops for reasons that may turn up later: the end of a stage, a flag switched off. */
export interface Cuts {
  /** Versions of the stages: where a unit stands depends on them. */
  readonly versions: readonly (readonly [from: number, until: number | null])[]
  /** Epoch ms per stage begun; null: it runs. */
  readonly ends: readonly (number | null)[]
  readonly off: readonly Period[]
}

export const cutsOf = ({ stages, off, measure }: FactSubject): Cuts => ({
  versions: stages.map(({ fromVersion, untilVersion }) => [fromVersion, untilVersion]),
  ends: stages.map(({ endedAt }) => (measure.endsWithStage ? endedAt : null)),
  off,
})

/** Everything that must not change without counting anew. */
export const basisOf = ({ treatment, stages, measure }: FactSubject): string => {
  const { environmentId, flagKey, ruleId, unit, fromVersion, compare } = treatment
  const first = stages[0]?.startedAt ?? null
  const whom = [environmentId, flagKey, ruleId, unit, fromVersion, first, measure]
  return JSON.stringify(compare === undefined ? whom : [...whom, compare])
}

/** Whether the same exposures put units where they stood before. */
export const sameVersions = (before: Cuts, after: Cuts): boolean =>
  JSON.stringify(before.versions) === JSON.stringify(after.versions)

const earliest = (times: readonly number[]): number | undefined => (times.length === 0 ? undefined : Math.min(...times))

/** From when on (epoch ms) two cuts differ; undefined: they don't. Stages that have since begun are no difference. */
export function differFrom(before: Cuts, after: Cuts): number | undefined {
  const ends = before.ends.flatMap((end, begun) => {
    const now = after.ends[begun] ?? null
    return end === now ? [] : [Math.min(end ?? MAX_TIME, now ?? MAX_TIME)]
  })
  const boundaries = (off: readonly Period[]) => new Set(off.flatMap(({ from, to }) => [from, to]))
  const [was, is] = [boundaries(before.off), boundaries(after.off)]
  const switches = [...was].filter(at => !is.has(at)).concat([...is].filter(at => !was.has(at)))
  return earliest([...ends, ...switches])
}
