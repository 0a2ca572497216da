// @ts-check
/** What one look costs: all looks of one rollout, again and again; the best round counts, in CPU time. */
import { foldErrors } from '@dimmer/rollout'
import { seeded } from './chance.mjs'
import { judgeLook, looks, planAt } from './rollout-run.mjs'
import { drawTimeline } from './timeline.mjs'
import { harmless } from './worlds.mjs'

/** @import { Row } from '../lib/types.ts' */
/** @import { BenchLook } from './rollout-run.mjs' */

const rounds = 20

/** @param {() => void} work @returns {number} us of CPU */
function cpuOf(work) {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return user + system
}

/** @param {() => void} work */
const best = work => Math.min(...Array.from({ length: rounds }, () => cpuOf(work)))

/** @returns {Row[]} */
export function costs() {
  const world = harmless.find(({ name }) => name === 'clustered, N=2000')
  if (!world) throw new Error('the world to measure in is gone')
  const timeline = drawTimeline(world, seeded(1))
  const all = [...looks(timeline)]
  const plan = planAt(0.05)
  const perLook = (/** @type {(look: BenchLook) => void} */ work) => {
    const took = best(() => {
      for (const look of all) work(look)
    })
    return Math.round((10 * took) / all.length) / 10
  }
  const fold = perLook(({ before, added }) => foldErrors(before, added))
  const judge = perLook(look => judgeLook(plan, look, world.accounts))
  const state = Math.max(...all.map(({ evidence }) => JSON.stringify(evidence).length))
  return [
    { name: 'one rule judged at one look, 12 starts', value: judge, unit: 'us', goal: 20, met: judge <= 20 },
    { name: 'one look folded into its state', value: fold, unit: 'us' },
    { name: 'the state, at most', value: state, unit: 'bytes', goal: 3_000, met: state <= 3_000 },
  ]
}
