// @ts-check

import { throughput } from '../lib/http-load.mjs'
import { rounded } from '../lib/numbers.mjs'
import { inTemporaryFolder } from '../lib/server.mjs'
import { startDimmer } from './dimmer.mjs'
import { flags, switched, user } from './flags.mjs'

/** @import { LoadTimes, Target } from '../lib/http-load.mjs' */
/** @import { Result } from '../lib/types.ts' */
/** @import { FlagSystem } from '../unleash/system.ts' */

export const about = 'OFREP: bulk answers of 200 flags, "not modified", and single flags per second'

/** @type {LoadTimes} */
const WHOLE = { rounds: 7, roundMs: 1_000, warmUpMs: 2_000 }
/** @type {LoadTimes} */
const QUICK = { rounds: 2, roundMs: 300, warmUpMs: 300 }

/**
 * The ETag that a bulk answer for the first user has, once the answer is what it should be.
 * @param {FlagSystem} system
 */
async function checkedEtag({ port, values }) {
  const answer = await fetch(`http://127.0.0.1:${port}${values.path}`, {
    method: values.method,
    headers: { ...values.headers, 'content-type': 'application/json' },
    body: values.body?.(0) ?? '',
  })
  const { flags: served } = await answer.json()
  const etag = answer.headers.get('etag')
  if (served.length !== flags.length || etag === null) throw new Error(`${served.length} values, ETag ${etag}`)
  return etag
}

/**
 * @param {FlagSystem} system
 * @returns {Promise<{ name: string, target: Target }[]>}
 */
async function cases(system) {
  const { port, values } = system
  const etag = await checkedEtag(system)
  const bulk = { port, ...values, status: 200 }
  const sameUser = values.body?.(0) ?? ''
  return [
    { name: `bulk of ${flags.length} flags, a new context each`, target: bulk },
    {
      name: 'bulk, not modified (304)',
      target: { ...bulk, headers: { ...values.headers, 'if-none-match': etag }, body: () => sameUser, status: 304 },
    },
    {
      name: 'one flag, a new context each',
      target: { ...bulk, path: `${values.path}/${switched}`, body: index => JSON.stringify({ context: user(index) }) },
    },
  ]
}

/**
 * @param {{ quick?: boolean }} [options]
 * @returns {Promise<Result>}
 */
export const run = ({ quick = false } = {}) =>
  inTemporaryFolder(async dataDir => {
    const system = await startDimmer(dataDir)
    try {
      const all = await cases(system)
      const targets = all.map(({ target }) => ({ target, pid: system.pid }))
      const measured = await throughput(targets, quick ? QUICK : WHOLE)
      const rows = measured.flatMap(({ perSecond, perCpuSecond, bytes }, index) => {
        const name = all[index]?.name
        return [
          { name: `${name}: answers`, value: rounded(perSecond), unit: '/s' },
          { name: `${name}: answers for a second of the server's CPU`, value: rounded(perCpuSecond), unit: '' },
          { name: `${name}: an answer`, value: bytes, unit: 'B' },
        ]
      })
      return { rows }
    } finally {
      await system.stop()
    }
  })
