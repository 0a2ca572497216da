import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import type { Direction } from '../src/index.ts'

type Four = readonly [number, number, number, number]
type Three = readonly [number, number, number]

/** The sections of spec/stats.json that tests read, as they are written there. */
export type Vectors = {
  readonly meta: { readonly grids: Record<'G24' | 'G_FINE', { delta: number[]; w?: number[] }> }
  readonly a_bernoulli_vs_absolute_tilt: {
    k: number
    n: number
    p0: number
    direction: Direction
    phi: number
    logE: number
    anytime_p: number
  }[]
  readonly a2_bernoulli_betabinomial_mixture: {
    S: number
    n: number
    p0: number
    n_opt: number
    alpha_opt: number
    one_sided: boolean
    logE: number
  }[]
  readonly b_two_sample_ratio_conditional_tilt: {
    slices_kT_kC_expT_expC: Four[]
    r0: number
    direction: Direction
    phi: number
    logE: number
    ratio_lower_alpha05: number
    ratio_upper_alpha05: number | null
  }[]
  readonly c4_ratio_metric_delta_method: { units_y_x: [number, number][]; R: number; se: number; phi: number }[]
  readonly d_quantile_absolute: { n_over_limit: number; n: number; q: number; direction: Direction; logE: number }[]
  readonly f2_srm_tilt_varying_allocation: { slices_nT_n_w: Three[]; logE: number }[]
  readonly g_anytime_valid_logrank_first_event: { ticks_dT_dC_atriskT_atriskC: Four[]; hr0: number; logE: number }[]
  readonly g2_logrank_severe_grid: { ticks_dT_dC_atriskT_atriskC: Four[]; logE: number }[]
  readonly g3_start_time_mixture: {
    slices_kT_kC_expT_expC: Four[]
    starts: number[]
    logE: number
    logE_single_start: number
  }[]
  readonly g_stage_combination: {
    slices_kT_kC_expT_expC: Four[]
    pooled_ratio: number
    pooled_logE_WRONG: number
    stratified_logE: number
    stratified_lower95: number
    stratified_upper95: number
  }[]
  readonly h_multiplicity: {
    ebh: { e: number[]; alpha: number; rejected_idx: number[] }[]
    weighted_bonferroni: { logE: number[]; w: number[]; alpha: number; rejected_idx: number[] }[]
  }
  readonly i_planning_ratio: {
    pC: number
    ratio: number
    w: number
    alpha: number
    c: number
    phi: number
    events_total: number
    events_T: number
    exposed_trials: number
  }[]
  readonly i2_planning_absolute: { p1: number; p0: number; alpha: number; c: number; n: number }[]
}

/** The language-neutral reference vectors. */
export const vectors: Vectors = JSON.parse(readFileSync(new URL('../../../spec/stats.json', import.meta.url), 'utf8'))

/** Agreement to `tolerance`, absolute or relative, whichever is looser; null only with null. */
export function expectClose(actual: number | null, expected: number | null, tolerance = 1e-9): void {
  if (actual === null || expected === null) expect(actual).toBe(expected)
  else
    expect(Math.abs(actual - expected) / Math.max(1, Math.abs(expected)), `${actual} against ${expected}`).toBeLessThan(
      tolerance,
    )
}
