import { expect, it } from 'vitest'
import { expectClose, vectors } from '../../test/vectors.ts'
import { plannedRateSample, plannedRatioSample, planningFactors } from '../index.ts'

it.each(vectors.i_planning_ratio)('meets reference case %# of a ratio', vector => {
  const plan = { controlRate: vector.pC, ratio: vector.ratio, r0: 1, share: vector.w }
  const planned = plannedRatioSample(plan, { alpha: vector.alpha, factor: vector.c, phi: vector.phi })
  expectClose(planned.events, vector.events_total)
  expectClose(planned.eventsT, vector.events_T)
  expectClose(planned.exposedTrials, vector.exposed_trials)
})

it.each(vectors.i2_planning_absolute)('meets reference case %# of an absolute rate', ({ p1, p0, alpha, c, n }) => {
  expectClose(plannedRateSample(p1, p0, { alpha, factor: c }), n)
})

const plan = { controlRate: 0.005, ratio: 2, r0: 1, share: 0.05 }
const options = { alpha: 0.05 / 3, factor: planningFactors.median }

it('comes near the simulated need of a doubled error rate at 5 %: 2,400 requests in the median', () => {
  const { exposedTrials } = plannedRatioSample(plan, options)
  expect(exposedTrials).toBeGreaterThan(0.8 * 2_400)
  expect(exposedTrials).toBeLessThan(1.2 * 2_400)
})

it('comes near the simulated need of excluding threefold harm at 5 %: 816 requests in the median', () => {
  const { exposedTrials } = plannedRatioSample({ ...plan, ratio: 1, r0: 3 }, { ...options, alpha: 0.05 })
  expect(exposedTrials).toBeGreaterThan(0.8 * 816)
  expect(exposedTrials).toBeLessThan(1.2 * 816)
})

it('grows with the design effect and is infinite where there is nothing to tell apart', () => {
  const { events } = plannedRatioSample(plan, options)
  expectClose(plannedRatioSample(plan, { ...options, phi: 3 }).events, 3 * events)
  expect(plannedRatioSample({ ...plan, ratio: 2, r0: 2 }, options).exposedTrials).toBe(Infinity)
  expect(plannedRateSample(0.1, 0.1, options)).toBe(Infinity)
})

it('plans for a rate of zero and of one', () => {
  expectClose(plannedRateSample(0, 0.15, { alpha: 0.05, factor: 1 }), Math.log(20) / -Math.log(0.85))
  expectClose(plannedRateSample(1, 0.15, { alpha: 0.05, factor: 1 }), Math.log(20) / -Math.log(0.15))
})

it('refuses shares, rates and levels that are not possible', () => {
  expect(() => plannedRatioSample({ ...plan, share: 1 }, options)).toThrow(RangeError)
  expect(() => plannedRatioSample({ ...plan, ratio: 0 }, options)).toThrow(RangeError)
  expect(() => plannedRatioSample(plan, { ...options, alpha: 0 })).toThrow(RangeError)
  expect(() => plannedRateSample(1.1, 0.5, options)).toThrow(RangeError)
})
