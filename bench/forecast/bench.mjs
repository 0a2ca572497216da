// @ts-check
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { median, rounded } from '../lib/numbers.mjs'
import { ordinarySize, rich, simple, timed } from './forecasts.mjs'
import { sampleDirectory } from './sample-directory.mjs'

/** @import { Result, Row } from '../lib/types.ts' */

export const about = 'ms to say who gains and loses a flag: 12,004 accounts + 45,000 users, and 1,000,000 users'

const execute = promisify(execFile)
const rounds = 15
const freshProcesses = 5
const hugeRounds = 3
const goalMs = 250
const huge = { accounts: 250_000, users: 1_000_000 }

/**
 * @param {string} name
 * @param {number} ms
 * @returns {Row}
 */
const withGoal = (name, ms) => ({ name, value: rounded(ms), unit: 'ms', goal: goalMs, met: ms < goalMs })

async function inFreshProcess() {
  const module = new URL('forecasts.mjs', import.meta.url).href
  const script = `import('${module}').then(({ timedOnce }) => console.log(timedOnce()))`
  const { stdout } = await execute(process.execPath, ['-e', script])
  return Number(stdout)
}

/** @returns {Promise<Row[]>} */
async function ordinary() {
  /** @type {number[]} */
  const first = []
  for (let round = 0; round < freshProcesses; round++) first.push(await inFreshProcess())
  const directory = sampleDirectory(ordinarySize.accounts, ordinarySize.users)
  const name = '12,004 accounts + 45,000 users'
  const times = (/** @type {typeof simple} */ flag) =>
    median(Array.from({ length: rounds }, () => timed(flag, directory)))
  return [
    withGoal(`${name}, one share, first in a process, median of ${freshProcesses}`, median(first)),
    withGoal(`${name}, one share, median of ${rounds}`, times(simple)),
    withGoal(`${name}, prerequisite and three rules, median of ${rounds}`, times(rich)),
  ]
}

/** @returns {Row[]} */
function enormous() {
  const directory = sampleDirectory(huge.accounts, huge.users)
  /** @type {number[]} */
  const times = []
  let longestGap = 0
  let calls = 0
  for (let round = 0; round < hugeRounds; round++) {
    let last = performance.now()
    const progress = () => {
      longestGap = Math.max(longestGap, performance.now() - last)
      last = performance.now()
      calls++
    }
    times.push(timed(simple, directory, progress))
  }
  const name = '250,000 accounts + 1,000,000 users'
  return [
    { name: `${name}, one share, median of ${hugeRounds}`, value: rounded(median(times)), unit: 'ms' },
    { name: `${name}, calls of the progress callback`, value: calls / hugeRounds, unit: 'calls' },
    { name: `${name}, longest wait between two calls`, value: rounded(longestGap), unit: 'ms' },
  ]
}

/** @returns {Promise<Result>} */
export async function run() {
  return { rows: [...(await ordinary()), ...enormous()] }
}
