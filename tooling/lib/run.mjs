// @ts-check
/** Runs the programs that the tooling is made of. */
import { spawn, spawnSync } from 'node:child_process'
import { inRoot, root } from './root.mjs'

/** @typedef {{ readonly cwd?: string, readonly env?: NodeJS.ProcessEnv }} RunOptions */

/** A step that failed and has already said why. */
class StepFailed extends Error {}

/**
 * Runs to the end with its output on this terminal.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {boolean} whether it succeeded
 */
export function run(command, args, { cwd = root, env = process.env } = {}) {
  const { status, error } = spawnSync(command, args, { cwd, env, stdio: 'inherit' })
  if (error !== undefined) console.error(`${command} cannot be started: ${error.message}`)
  return status === 0
}

/**
 * Runs to the end without output, which is shown only if it fails.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<void>} rejects with StepFailed
 */
export async function runQuietly(command, args, { cwd = root, env = process.env } = {}) {
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  /** @type {Buffer[]} */
  const output = []
  child.stdout.on('data', chunk => output.push(chunk))
  child.stderr.on('data', chunk => output.push(chunk))
  const ended = await new Promise(resolve => {
    child.once('error', error => resolve(error.message))
    child.once('close', (code, signal) => resolve(code ?? signal))
  })
  if (ended === 0) return
  process.stderr.write(Buffer.concat(output))
  throw new StepFailed(`${[command, ...args].join(' ')} failed (${String(ended)})`)
}

/**
 * Runs npm: the one that started us, else the one on the PATH.
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 */
export function runNpmQuietly(args, options) {
  const path = process.env.npm_execpath
  const isNpm = path !== undefined && /npm-cli\.[cm]?js$/.test(path)
  return isNpm ? runQuietly(process.execPath, [path, ...args], options) : runQuietly('npm', args, options)
}

/**
 * Path of a program that an npm package of this repository brings.
 * @param {string} name
 */
export const bin = name => inRoot('node_modules', '.bin', name)

/**
 * Does one step and prints one line about it.
 * @template T
 * @param {string} doing e.g. "Building the server"
 * @param {() => Promise<T>} step
 * @returns {Promise<T>}
 */
export async function step(doing, step) {
  const started = Date.now()
  process.stdout.write(`${doing} ...`)
  try {
    const result = await step()
    console.log(` done (${((Date.now() - started) / 1000).toFixed(1)} s)`)
    return result
  } catch (error) {
    console.log(' FAILED')
    throw error
  }
}

/**
 * Runs a whole script: a failed step ends it with code 1 and one line, anything else with its stack.
 * @param {() => Promise<void>} script
 */
export async function main(script) {
  try {
    await script()
  } catch (error) {
    console.error(error instanceof StepFailed ? error.message : error)
    process.exitCode = 1
  }
}
