// @ts-check
/**
 * Lists the benches, or runs one and prints a table; with --json, one JSON document on the last line. The exit code
 * says only whether the bench ran, never what it measured.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { machine } from './lib/machine.mjs'
import { rowsTable } from './lib/table.mjs'

/** @import { Bench, Report, Row } from './lib/types.ts' */

const here = import.meta.dirname

/** Names of the folders that hold a bench. */
export const benchNames = () => readdirSync(here).filter(name => existsSync(join(here, name, 'bench.mjs')))

/**
 * @param {string} name
 * @returns {Promise<Bench>}
 */
const load = name => import(`./${name}/bench.mjs`)

async function list() {
  console.log('npm run bench -- NAME [--json] [--quick]\n')
  for (const name of benchNames()) console.log(`  ${name.padEnd(12)} ${(await load(name)).about}`)
}

/**
 * One line for each row with an aim or a comparison.
 * @param {readonly Row[]} rows
 */
function summary(rows) {
  return rows.flatMap(({ name, value, unit, goal, met, peer, ratio }) => {
    const aim = goal === undefined ? '' : `, aim ${goal} ${unit}: ${met ? 'met' : 'MISSED'}`
    const against = ratio === undefined ? '' : `, ${ratio}x against ${peer}`
    return aim + against === '' ? [] : [`${name}: ${value} ${unit}${aim}${against}`]
  })
}

/**
 * @param {string} name
 * @param {{ asJson: boolean, quick: boolean }} options
 */
async function runBench(name, { asJson, quick }) {
  const { run } = await load(name)
  const { rows, text } = await run({ quick })
  /** @type {Report} */
  const report = { name, machine: machine(), rows }
  const { cpu, cores, memoryGb, system, node } = report.machine
  console.log(`\n${name} on ${cpu}, ${cores} cores, ${memoryGb} GB, ${system}, Node ${node}\n`)
  // A table of its own leaves out aims and ratios; the table of rows has them.
  console.log(text === undefined ? rowsTable(rows) : [text, '', ...summary(rows)].join('\n'))
  if (asJson) console.log(JSON.stringify(report))
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>} exit code
 */
export async function runCli(args) {
  const flag = { type: /** @type {const} */ ('boolean') }
  const options = { json: flag, quick: flag }
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options })
  const [name] = positionals
  if (name === undefined) await list()
  else if (benchNames().includes(name))
    await runBench(name, { asJson: values.json === true, quick: values.quick === true })
  else {
    console.error(`There is no bench "${name}". There are: ${benchNames().join(', ')}`)
    return 1
  }
  return 0
}
