import { describe, expect, it } from 'vitest'
import { moneyRun } from './money.mjs'
import { type Run, runOnce } from './runs.mjs'

const runs = (world: string, count: number): Run[] => Array.from({ length: count }, (_, seed) => runOnce(world, seed))
const rolledBack = (all: readonly Run[], index: number): number =>
  all.filter(({ outcomes }) => outcomes[index]?.rolledBackAt !== undefined).length

describe('simulated rollouts, 720 looks each, fixed seeds', () => {
  it('does not roll back harmless ones, where a naive test mostly does', () => {
    const harmless = runs('bursty, N=200', 8)
    expect(rolledBack(harmless, 0)).toBe(0)
    expect(harmless.filter(({ rivals }) => rivals['naive z'] !== undefined).length).toBeGreaterThan(3)
  }, 60_000)

  it('catches ten times as many failures within a few looks, also at alpha 1 %', () => {
    const harmful = runs('10x, clustered', 5)
    expect(rolledBack(harmful, 1)).toBe(5)
    const looks = harmful.map(({ outcomes }) => outcomes[0]?.rolledBackAt ?? Infinity).sort((a, b) => a - b)
    expect(looks[2]).toBeLessThan(6)
  }, 60_000)

  it('never acts on a single exposed account', () => {
    for (const { outcomes } of runs('all broken, N=20', 6)) {
      expect(outcomes[0]?.rolledBackAt).toBeDefined()
      expect(outcomes[0]?.failures).toBeGreaterThan(1)
    }
  }, 60_000)

  it('does not call money without harm a loss, where an asymptotic interval often does', () => {
    const all = Array.from({ length: 5 }, (_, seed) => moneyRun(seed))
    expect(all.filter(({ breached }) => breached)).toEqual([])
    expect(all.some(({ asymptotic }) => asymptotic)).toBe(true)
  }, 60_000)

  it('gives the same run from the same seed', () => {
    expect(runOnce('bursty, N=20', 3)).toEqual(runOnce('bursty, N=20', 3))
  })
})
