// @ts-check
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { bundledKb } from '../lib/bundle.mjs'
import { median, rounded } from '../lib/numbers.mjs'
import { perFlag, timed } from './rulesets.mjs'

/** @import { Result, Row } from '../lib/types.ts' */
/** @typedef {ReturnType<typeof timed> & ReturnType<typeof perFlag>} Figures */

export const about = 'ms to compile 1,000 flags of 5 rules, memory per flag, and the size of the engine in a bundle'

const execute = promisify(execFile)
const flags = 1_000
const freshProcesses = 7
const rounds = 30
const goalMs = 50

/** @returns {Promise<Figures>} */
async function inFreshProcess() {
  const module = new URL('rulesets.mjs', import.meta.url).href
  const script = `import('${module}').then(({ timed, perFlag }) => console.log(JSON.stringify({ ...timed(${flags}), ...perFlag(${flags}) })))`
  const { stdout } = await execute(process.execPath, ['--expose-gc', '-e', script])
  return JSON.parse(stdout)
}

/** @param {string} names imported from the engine */
const bundled = names => bundledKb(fileURLToPath(new URL(`entries/${names}.mjs`, import.meta.url)))

/**
 * @param {string} name
 * @param {number} ms
 * @returns {Row}
 */
const withGoal = (name, ms) => ({ name, value: rounded(ms), unit: 'ms', goal: goalMs, met: ms < goalMs })

/** @returns {Promise<Result>} */
export async function run() {
  /** @type {Figures[]} */
  const fresh = []
  for (let round = 0; round < freshProcesses; round++) fresh.push(await inFreshProcess())
  const warm = Array.from({ length: rounds }, () => timed(flags))
  const middle = (/** @type {readonly Figures[]} */ all, /** @type {keyof Figures} */ key) =>
    median(all.map(one => one[key]))
  const best = Math.min(...warm.map(one => one.compileMs))
  return {
    rows: [
      withGoal(`compile, first in a process, median of ${freshProcesses}`, middle(fresh, 'compileMs')),
      withGoal(`compile, best of ${rounds}`, best),
      {
        name: 'then the first evaluation of every flag, first in a process',
        value: rounded(middle(fresh, 'firstMs')),
        unit: 'ms',
      },
      { name: 'the same, best', value: rounded(Math.min(...warm.map(one => one.firstMs))), unit: 'ms' },
      { name: 'memory per flag as JSON objects', value: rounded(middle(fresh, 'sourceBytes')), unit: 'bytes' },
      { name: 'memory per flag, compiled', value: rounded(middle(fresh, 'compiledBytes')), unit: 'bytes' },
      { name: 'memory per flag, evaluated once', value: rounded(middle(fresh, 'evaluatedBytes')), unit: 'bytes' },
      { name: 'bundle with compile and evaluate', value: rounded(await bundled('evaluate')), unit: 'kB gzip' },
      { name: 'bundle with everything', value: rounded(await bundled('everything')), unit: 'kB gzip' },
    ],
  }
}
