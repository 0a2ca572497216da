// @ts-check
/** Runs of one world, from one seed each. */
import { seeded } from './chance.mjs'
import { rivals } from './rivals.mjs'
import { rollOut } from './rollout-run.mjs'
import { drawTimeline } from './timeline.mjs'
import { harmful, harmless } from './worlds.mjs'

/**
 * @import { Outcome } from './rollout-run.mjs'
 *
 * @typedef {object} Run
 * @property {string} world
 * @property {number} seed
 * @property {readonly Outcome[]} outcomes one per alpha
 * @property {Record<string, number | undefined>} rivals
 */

const alphas = [0.05, 0.01]
const worlds = [...harmless, ...harmful]

/**
 * @param {string} name
 * @param {number} seed
 * @returns {Run}
 */
export function runOnce(name, seed) {
  const world = worlds.find(one => one.name === name)
  if (!world) throw new Error(`there is no world "${name}"`)
  const timeline = drawTimeline(world, seeded(seed * 7919 + 13))
  return {
    world: name,
    seed,
    outcomes: rollOut(timeline, { alphas, maxRatio: world.maxRatio }),
    rivals: rivals(timeline),
  }
}
