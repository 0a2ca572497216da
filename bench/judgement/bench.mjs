// @ts-check
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { table } from '../lib/table.mjs'
import { costs } from './cost.mjs'
import { moneyRun } from './money.mjs'
import { rivalNames } from './rivals.mjs'
import { harmful, harmless, ticksPerStage } from './worlds.mjs'

/**
 * @import { Result, Row } from '../lib/types.ts'
 * @import { Run } from './runs.mjs'
 * @import { Outcome } from './rollout-run.mjs'
 */

export const about = 'false roll-backs, and looks until a real one: simulated rollouts beside what others do'

const size = {
  full: { harmless: 1000, harmful: 300, minutes: 10 },
  quick: { harmless: 40, harmful: 40, minutes: 2 },
}

/** Runs are kept here, so that a full bench may be spread over several calls. Delete it after a change of the judge. */
const folder = join(import.meta.dirname, '../../node_modules/.cache/dimmer-bench')
const file = join(folder, 'judgement.jsonl')

/** @returns {Run[]} */
function kept() {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line))
}

/**
 * @param {readonly { world: string, seed: number }[]} tasks
 * @param {number} until
 * @param {(run: Run) => void} take
 */
async function runAll(tasks, until, take) {
  const left = [...tasks]
  await Promise.all(
    Array.from({ length: Math.min(2, availableParallelism()) }, async () => {
      const worker = new Worker(new URL('worker.mjs', import.meta.url))
      for (let task = left.shift(); task !== undefined && Date.now() < until; task = left.shift()) {
        take(await once(worker, task))
      }
      await worker.terminate()
    }),
  )
}

/**
 * @param {Worker} worker
 * @param {{ world: string, seed: number }} task
 * @returns {Promise<Run>}
 */
const once = (worker, task) =>
  new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('message', run => {
      worker.off('error', reject)
      resolve(run)
    })
    worker.postMessage(task)
  })

/** Every world gets its next run in turn, so that an early end leaves no world out. @param {{ harmless: number, harmful: number }} counts */
function allTasks(counts) {
  const tasks = []
  for (let seed = 0; seed < Math.max(counts.harmless, counts.harmful); seed++) {
    if (seed < counts.harmless) tasks.push(...harmless.map(({ name }) => ({ world: name, seed })))
    if (seed < counts.harmful) tasks.push(...harmful.map(({ name }) => ({ world: name, seed })))
  }
  return tasks
}

/** @param {readonly unknown[]} hits @param {number} all */
const percent = (hits, all) => `${((100 * hits.length) / all).toFixed(1)}%`

/** @param {readonly (number | undefined)[]} values undefined: never */
function median(values) {
  const sorted = values.map(value => value ?? Infinity).sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Infinity
}

/** @param {number} value */
const figure = value => (value === Infinity ? 'never' : String(Math.round(value)))

/** @param {readonly Run[]} runs @param {number} index @returns {Outcome[]} */
const outcomesOf = (runs, index) => runs.flatMap(({ outcomes }) => outcomes[index] ?? [])

/** @param {readonly Outcome[]} outcomes */
const rolledBack = outcomes => outcomes.filter(({ rolledBackAt }) => rolledBackAt !== undefined)

/** @param {readonly Run[]} runs */
function harmlessTable(runs) {
  const body = harmless.map(({ name }) => {
    const own = runs.filter(({ world }) => world === name)
    const ours = [0, 1].map(index => percent(rolledBack(outcomesOf(own, index)), own.length))
    const others = rivalNames.map(rival =>
      percent(
        own.filter(run => run.rivals[rival] !== undefined),
        own.length,
      ),
    )
    return [name, String(own.length), ...ours, ...others]
  })
  return table([['harmless: rolled back', 'runs', 'ours 5 %', 'ours 1 %', ...rivalNames], ...body])
}

/** @param {readonly Outcome[]} outcomes */
function speed(outcomes) {
  const of = (/** @type {(outcome: Outcome) => number} */ what) =>
    figure(median(outcomes.map(outcome => (outcome.rolledBackAt === undefined ? undefined : what(outcome)))))
  const inStage = (/** @type {number} */ stage) =>
    percent(
      outcomes.filter(({ rolledBackAt }) => (rolledBackAt ?? Infinity) < (stage + 1) * ticksPerStage),
      outcomes.length,
    )
  return [
    of(({ rolledBackAt }) => (rolledBackAt ?? 0) + 1),
    of(({ failures }) => failures),
    inStage(0),
    inStage(1),
    inStage(2),
  ]
}

/** @param {readonly Run[]} runs */
function harmfulTable(runs) {
  const body = harmful.map(({ name }) => {
    const own = runs.filter(({ world }) => world === name)
    const [strict = '', strictFailures = ''] = speed(outcomesOf(own, 1))
    const others = ['GrowthBook', '5 bad minutes'].map(rival => figure(median(own.map(run => run.rivals[rival])) + 1))
    return [name, String(own.length), ...speed(outcomesOf(own, 0)), `${strict} / ${strictFailures}`, ...others]
  })
  const head = [
    'harmful: median',
    'runs',
    'looks',
    'failed',
    'by 5 %',
    '25 %',
    '50 %',
    'at 1 %',
    'GrowthBook',
    '5 bad minutes',
  ]
  return table([head, ...body])
}

/** @param {readonly Run[]} runs @returns {Row[]} */
function aims(runs) {
  const of = (/** @type {string} */ name) => runs.filter(({ world }) => world === name)
  const worst = (/** @type {number} */ index) =>
    Math.max(...harmless.map(({ name }) => (100 * rolledBack(outcomesOf(of(name), index)).length) / of(name).length))
  const looks = (/** @type {string} */ name) =>
    median(
      outcomesOf(of(name), 0).map(({ rolledBackAt }) => (rolledBackAt === undefined ? undefined : rolledBackAt + 1)),
    )
  const failed = (/** @type {string} */ name) => median(outcomesOf(of(name), 0).map(({ failures }) => failures))
  const row = (
    /** @type {string} */ name,
    /** @type {number} */ value,
    /** @type {[string, number]} */ [unit, goal],
  ) => ({
    name,
    value,
    unit,
    goal,
    met: value <= goal,
  })
  const atLeast = (
    /** @type {string} */ name,
    /** @type {number} */ value,
    /** @type {[string, number]} */ [unit, goal],
  ) => ({ name, value, unit, goal, met: value >= goal })
  const found = (/** @type {string} */ name) => {
    const all = outcomesOf(of(name), 0)
    return (100 * all.filter(({ rolledBackAt }) => (rolledBackAt ?? Infinity) < ticksPerStage).length) / all.length
  }
  return [
    row('false roll-backs at 5 %, worst world', worst(0), ['%', 2.5]),
    row('false roll-backs at 1 %, worst world', worst(1), ['%', 1]),
    row('2x, clustered: median looks', looks('2x, clustered'), ['looks', 80]),
    row('2x, clustered: median failed requests', failed('2x, clustered'), ['requests', 45]),
    atLeast('2x, clustered: found in the first stage', found('2x, clustered'), ['%', 85]),
    row('10x, clustered: median looks', looks('10x, clustered'), ['looks', 3]),
    row('10x, clustered: median failed requests', failed('10x, clustered'), ['requests', 10]),
    row('3 % broken, quiet: median looks', looks('3 % broken, quiet'), ['looks', 15]),
    row('3 % broken, bursty: median looks', looks('3 % broken, bursty'), ['looks', 40]),
  ]
}

/** @param {ReturnType<typeof moneyRun>[]} runs @returns {Row} */
function moneyRow(runs) {
  const value = (100 * runs.filter(({ breached }) => breached).length) / runs.length
  const name = `money without harm called a loss, 5 % exposed, ${runs.length} runs`
  return { name, value, unit: '%', goal: 5, met: value <= 5 }
}

/**
 * @param {{ quick?: boolean }} [options]
 * @returns {Promise<Result>}
 */
export async function run({ quick = false } = {}) {
  const counts = quick ? size.quick : size.full
  mkdirSync(folder, { recursive: true })
  const wanted = new Set(allTasks(counts).map(({ world, seed }) => `${world} ${seed}`))
  const runs = kept().filter(({ world, seed }) => wanted.has(`${world} ${seed}`))
  const done = new Set(runs.map(({ world, seed }) => `${world} ${seed}`))
  const tasks = allTasks(counts).filter(({ world, seed }) => !done.has(`${world} ${seed}`))
  await runAll(tasks, Date.now() + counts.minutes * 60_000, result => {
    runs.push(result)
    appendFileSync(file, `${JSON.stringify(result)}\n`)
  })
  const money = Array.from({ length: quick ? 20 : 100 }, (_, seed) => moneyRun(seed))
  const missing = wanted.size - runs.length
  const more = missing > 0 ? `\n\n${missing} of ${wanted.size} runs are left; call again to go on.` : ''
  return {
    rows: [...aims(runs), moneyRow(money), ...costs()],
    text: `${harmlessTable(runs)}\n\n${harmfulTable(runs)}${more}`,
  }
}
