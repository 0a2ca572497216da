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
  readonly a3_bernoulli_confidence_sequence_two_sided: {
    S: number
    n: number
    alpha: number
    n_opt: number
    alpha_opt: number
    lower: number
    upper: number
  }[]
  readonly b2_two_sample_difference_ipw_betting: {
    units_x_A_pi: Three[]
    d0: number
    direction: Direction
    logE: number
  }[]
  readonly b3_turner_grunwald_2x2_blocks: { blocks_yT_nT_yC_nC: Four[]; logE: number }[]
  readonly b4_bounded_mean_betting_lambda_grid: {
    x: number[]
    m0: number
    direction: Direction
    upper: number
    logE: number
  }[]
  readonly c_normal_mixture: {
    S: number
    V: number
    V_opt: number
    alpha: number
    rho_one_sided: number
    rho_two_sided: number
    logE_one_sided: number
    logE_two_sided: number
    bound_one_sided: number
    bound_two_sided: number
  }[]
  readonly c2_waudby_smith_asympcs_and_growthbook: {
    sd: number
    n: number
    alpha: number
    t_star: number
    halfwidth_two_sided: number
    halfwidth_one_sided: number
  }[]
  readonly c3_information_scale_stratified_asympcs: {
    strata_est_se: [number, number][]
    null: number
    mde: number
    alpha: number
    est: number
    se: number
    logE_one_sided_up: number
    logE_one_sided_down: number
    lower_bound_one_sided: number
    upper_bound_one_sided: number
  }[]
  readonly c5_label_betting_randomisation_eprocess: { units_score_A_w: Three[]; logE: number }[]
  readonly d2_quantile_two_sample_min_over_edges: {
    cntT: number[]
    cntC: number[]
    q: number
    shift_buckets: number
    logE: number
    argmin_edge: number
  }[]
  readonly d3_quantile_confidence_sequence_ranks: {
    n: number
    q: number
    alpha: number
    n_opt: number
    lo_rank: number
    hi_rank: number
  }[]
  readonly e_poisson_vs_absolute: { k: number; Lambda0: number; direction: Direction; phi: number; logE: number }[]
  readonly e2_poisson_ratio_tickets_per_account: {
    slices_kT_kC_accT_accC: Four[]
    r0: number
    logE: number
    lower95: number
  }[]
  readonly f_srm_dirichlet_multinomial: { counts: number[]; probs: number[]; conc: number; logE: number }[]
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
