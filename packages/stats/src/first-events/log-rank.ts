import type { TiltSlice } from '../evidence/tilt.ts'
import type { TiltGridName } from '../evidence/tilt-grids.ts'
import { requirePartOf } from '../numeric/checks.ts'
import type { EvidenceOptions } from '../rates/absolute-rate.ts'
import { type RatioSlice, ratioLogE, ratioSlice } from '../rates/ratio.ts'

/** First events in one tick: units of T and C that had theirs now, and the units at risk (each of these included). */
export type LogRankTick = {
  readonly dT: number
  readonly dC: number
  readonly atRiskT: number
  readonly atRiskC: number
}

/**
 * The hazard ratio of the null (default 1), the grid (`G24` for a first error, `G_SEV` for a first run of failures),
 * direction, design effect.
 */
export type LogRankOptions = EvidenceOptions & { readonly hr0?: number; readonly grid?: TiltGridName }

/**
 * A tick as a ratio slice, the units at risk being the exposure: for `ratioBounds` and `ratioEstimate` of the hazard
 * ratio.
 */
export function logRankRatioSlice(tick: LogRankTick): RatioSlice {
  requirePartOf('first events dT of atRiskT', tick.dT, tick.atRiskT)
  requirePartOf('first events dC of atRiskC', tick.dC, tick.atRiskC)
  return { kT: tick.dT, kC: tick.dC, exposureT: tick.atRiskT, exposureC: tick.atRiskC }
}

/** A tick as a tilt slice, for a state that is kept: `addSlice(state, logRankSlice(tick, 1))`. */
export function logRankSlice(tick: LogRankTick, hr0 = 1): TiltSlice {
  return ratioSlice(logRankRatioSlice(tick), hr0)
}

/**
 * Log E of the any-time-valid log-rank test on first events per unit: event A is a unit's first error since the stage
 * began, event B its first run of three failures (catches a bug that breaks few units totally). Each unit reveals its
 * group once, when its event comes, like a ball drawn from an urn.
 *
 * Source: ter Schure, Perez-Ortiz, Ly, Gruenwald 2024, NEJSDS 2:190; label betting: Duan, Ramdas, Wasserman 2022.
 * Null at hr0 = 1: the change alters nobody's first event (sharp null). Then **exact** by the randomisation alone: any
 * number of units, any volumes, any dependence within a unit, several events in one tick (hypergeometric, Hoeffding
 * 1963). A change that only delays events is outside of this null: it may look harmful once they come.
 * Other hr0 (say 'down' with hr0 = R: "T's hazard is at least R times C's", to exclude R before expanding): exact when
 * the hazards keep to that bound at all times and one event falls in a tick; nearly so while few of those at risk do.
 * The stages of a rollout are separate runs of units (at risk in T: those newly exposed in the stage; in C: those still
 * unexposed); put their ticks one after another.
 */
export function logRankLogE(ticks: readonly LogRankTick[], options: LogRankOptions = {}): number {
  const { hr0 = 1, ...rest } = options
  return ratioLogE(ticks.map(logRankRatioSlice), { ...rest, r0: hr0 })
}
