// @ts-check
/** Runs programs side by side until one ends or somebody presses Ctrl-C; then stops them all. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { root } from './root.mjs'

const patienceMs = 10_000

/**
 * @typedef {object} Program
 * @property {string} name shown before each line of its output
 * @property {string} command
 * @property {readonly string[]} args
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 */

/** @typedef {{ readonly ended: Promise<void>, readonly stop: () => void, readonly kill: () => void }} Running */

/**
 * @param {Program} program
 * @returns {Running}
 */
function launch({ name, command, args, cwd = root, env = process.env }) {
  // A process group of its own: Ctrl-C reaches only us, so each program is told once.
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', line => console.log(`${name.padEnd(9)} | ${line}`))
  }
  const ended = new Promise(resolve => {
    child.once('error', error => resolve(`cannot be started: ${error.message}`))
    child.once('exit', (code, signal) => resolve(`has ended (${String(code ?? signal)})`))
  }).then(how => console.log(`${name.padEnd(9)} | ${String(how)}`))
  const signal = (/** @type {number} */ to, /** @type {NodeJS.Signals} */ what) => {
    try {
      if (child.pid !== undefined) process.kill(to * child.pid, what)
    } catch {
      // It is gone already.
    }
  }
  // A program passes the request to its children itself: told twice, a server would take it for impatience.
  return { ended, stop: () => signal(1, 'SIGTERM'), kill: () => signal(-1, 'SIGKILL') }
}

/**
 * @param {readonly Program[]} programs
 * @returns {Promise<void>} when all have ended
 */
export async function runTogether(programs) {
  const running = programs.map(launch)
  const asked = new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, resolve)
  })
  await Promise.race([asked, ...running.map(({ ended }) => ended)])
  const allEnded = Promise.all(running.map(({ ended }) => ended))
  for (const { stop } of running) stop()
  await Promise.race([allEnded, delay(patienceMs, undefined, { ref: false })])
  for (const { kill } of running) kill()
  await allEnded
}
