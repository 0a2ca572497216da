// @ts-check
import { fork } from 'node:child_process'
import { on, once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { groups } from './cases.mjs'

/** @import { CaseName } from './cases.mjs' */

/**
 * @typedef {object} Process a contender, waiting for orders
 * @property {string} id its file
 * @property {string} contender as shown in the table
 * @property {readonly CaseName[]} can
 * @property {(what: 'answers' | 'time' | 'allocated', name: CaseName, times: number) => Promise<unknown>} order
 * @property {() => void} stop
 */

/**
 * @param {string} id
 * @param {number} group
 * @returns {Promise<Process>}
 */
async function launch(id, group) {
  const child = fork(fileURLToPath(new URL('contender-process.mjs', import.meta.url)), [id, String(group)], {
    execArgv: ['--expose-gc', '--min-semi-space-size=64', '--max-semi-space-size=64'],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const replies = on(child, 'message')
  const gone = once(child, 'exit').then(([code]) => Promise.reject(new Error(`${id} ended with code ${code}`)))
  gone.catch(() => undefined)
  const reply = async () => (await Promise.race([replies.next(), gone])).value[0]
  /** @type {{ name: string, can: readonly CaseName[] }} */
  const { name: contender, can } = await reply()
  return {
    id,
    contender,
    can,
    order: (what, name, times) => {
      child.send({ what, name, times })
      return reply()
    },
    stop: () => child.kill(),
  }
}

/**
 * One process for each contender and group of cases; those that can say none of a group's cases are let go.
 * @param {readonly string[]} ids
 * @returns {Promise<readonly Process[]>}
 */
export async function launchAll(ids) {
  /** @type {Process[]} */
  const running = []
  try {
    for (const group of groups.keys()) {
      for (const id of ids) {
        const one = await launch(id, group)
        if (one.can.length > 0) running.push(one)
        else one.stop()
      }
    }
    return running
  } catch (error) {
    for (const { stop } of running) stop()
    throw error
  }
}
