// @ts-check
/**
 * `npm run bench -- NAME [--json]`: runs one bench and prints a table; with --json, one JSON document on the last
 * line. Without NAME: lists the benches. The exit code says only whether the bench ran, never what it measured.
 */
import { requireNode } from './lib/require-node.mjs'

requireNode()
// Loaded late: an older Node would fail on these before it could say why.
const { existsSync, readdirSync } = await import('node:fs')
const { parseArgs } = await import('node:util')
const { ensureInstalled } = await import('./lib/install.mjs')
const { inRoot } = await import('./lib/root.mjs')
const { main, StepFailed } = await import('./lib/run.mjs')
const { buildAll } = await import('./lib/targets.mjs')

/** @import { Bench, Report } from '../bench/lib/types.ts' */

const names = readdirSync(inRoot('bench')).filter(name => existsSync(inRoot('bench', name, 'bench.mjs')))

/**
 * @param {string} name
 * @returns {Promise<Bench>}
 */
const load = name => import(`../bench/${name}/bench.mjs`)

async function list() {
  console.log('npm run bench -- NAME [--json]\n')
  for (const name of names) console.log(`  ${name.padEnd(14)} ${(await load(name)).about}`)
}

/** @param {Report['rows']} rows */
function summary(rows) {
  const lines = rows.flatMap(({ name, value, unit, goal, met, peer, ratio }) => {
    const aim = goal === undefined ? '' : `, aim ${goal} ${unit}: ${met ? 'met' : 'MISSED'}`
    const against = ratio === undefined ? '' : `, ${ratio}x against ${peer}`
    return aim + against === '' ? [] : [`${name}: ${value} ${unit}${aim}${against}`]
  })
  return lines.length === 0 ? '' : `\n${lines.join('\n')}`
}

/**
 * @param {string} name
 * @param {boolean} asJson
 */
async function runBench(name, asJson) {
  if (!names.includes(name)) throw new StepFailed(`There is no bench "${name}". There are: ${names.join(', ')}`)
  await ensureInstalled()
  await ensureInstalled(inRoot('bench', 'peers'))
  await buildAll()
  const { machine } = await import('../bench/lib/machine.mjs')
  const { rowsTable } = await import('../bench/lib/table.mjs')
  const { run } = await load(name)
  const { rows, text } = await run()
  /** @type {Report} */
  const report = { name, machine: machine(), rows }
  const { cpu, cores, memoryGb, system, node } = report.machine
  console.log(`\n${name} on ${cpu}, ${cores} cores, ${memoryGb} GB, ${system}, Node ${node}\n`)
  console.log(text ?? rowsTable(rows))
  console.log(summary(rows))
  if (asJson) console.log(JSON.stringify(report))
}

await main(async () => {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' } } })
  const [name] = positionals
  await (name === undefined ? list() : runBench(name, values.json === true))
})
