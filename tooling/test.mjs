// @ts-check
/**
 * `npm test`: installs what is missing, builds, checks, and runs every test. Later steps run also when an earlier one
 * has failed, so that one run shows all. Arguments go to vitest, e.g. `npm test -- packages/engine`.
 */
import { requireNode } from './lib/require-node.mjs'

requireNode()
// Loaded late: an older Node would fail on these before it could say why.
const { existsSync, readFileSync, rmSync } = await import('node:fs')
const { countsFile } = await import('./lib/count-reporter.mjs')
const { ensureInstalled } = await import('./lib/install.mjs')
const { inRoot } = await import('./lib/root.mjs')
const { bin, run } = await import('./lib/run.mjs')
const { buildAll } = await import('./lib/targets.mjs')
const { ensureDebianPackages } = await import('./services/apt.mjs')
const { clearNotRun, readNotRun } = await import('./services/not-run.mjs')

/** @import { CountsByProject } from './lib/count-reporter.mjs' */
/** @import { DebianProgram } from './services/apt.mjs' */

/** @type {string[]} */
const failedSteps = []
/** @type {readonly DebianProgram[]} */
let missingPrograms = []

/**
 * @param {() => boolean | Promise<void>} work fails by returning false or by throwing
 */
async function succeeds(work) {
  try {
    return (await work()) !== false
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return false
  }
}

/**
 * @param {string} name
 * @param {() => boolean | Promise<void>} work
 */
async function attempt(name, work) {
  const started = Date.now()
  console.log(`\n=== ${name}`)
  const ok = await succeeds(work)
  console.log(`=== ${name}: ${ok ? 'ok' : 'FAILED'} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
  if (!ok) failedSteps.push(name)
  return ok
}

function runVitest() {
  rmSync(countsFile, { force: true })
  const reporters = ['--reporter=default', `--reporter=${inRoot('tooling', 'lib', 'count-reporter.mjs')}`]
  return run(bin('vitest'), ['run', ...reporters, ...process.argv.slice(2)])
}

/** @returns {CountsByProject} */
const readCounts = () => (existsSync(countsFile) ? JSON.parse(readFileSync(countsFile, 'utf8')) : {})

/** @param {CountsByProject} projects */
function printCounts(projects) {
  console.log('\nTests by project')
  for (const [name, { passed, failed, skipped }] of Object.entries(projects)) {
    console.log(`  ${name.padEnd(36)} ${passed} passed, ${failed} failed, ${skipped} skipped`)
  }
}

async function printNotRun() {
  const missing = await readNotRun()
  if (missing.length + missingPrograms.length === 0) return
  const bar = '!'.repeat(100)
  console.log(`\n${bar}\nNOT RUN ON THIS MACHINE`)
  for (const { project, service, reason } of missing) console.log(`  ${project}: ${service}: ${reason}`)
  for (const program of missingPrograms) {
    console.log(`  ${program.binary} is missing (Debian: ${program.package}), and root is needed to install it`)
  }
  console.log(bar)
}

/** @param {CountsByProject} projects */
function closingLine(projects) {
  const sum = (/** @type {'passed' | 'failed' | 'skipped'} */ key) =>
    Object.values(projects).reduce((total, counts) => total + counts[key], 0)
  // A step that failed without a failed test (a check, the build, a crash of the runner) counts as one failure.
  const others = failedSteps.filter(name => name !== 'tests' || sum('failed') === 0)
  const skipped = sum('skipped') === 0 ? '' : `, ${sum('skipped')} skipped`
  return `${sum('passed')} passed, ${sum('failed') + others.length} failed${skipped}`
}

const installed = await attempt('install', () => ensureInstalled())
if (installed) {
  await clearNotRun()
  await attempt('programs of this machine', async () => {
    missingPrograms = ensureDebianPackages()
  })
  await attempt('build', () => buildAll())
  await attempt('check', () => run(process.execPath, ['tooling/check.mjs']))
  await attempt('tests', runVitest)
  printCounts(readCounts())
  await printNotRun()
}
if (failedSteps.length > 0) console.log(`\nFAILED: ${failedSteps.join(', ')}`)
console.log(closingLine(installed ? readCounts() : {}))
process.exitCode = failedSteps.length === 0 ? 0 : 1
