// @ts-check
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../../apps/server/src/adapters/embedded-postgres/endpoint.ts'
import { ServiceMissing } from './service-missing.mjs'

const startTimeoutMs = 10_000

/** @typedef {import('./guard.mjs').Guard} Guard */

/**
 * Starts a Redis of its own that keeps nothing on disk.
 * @param {Guard} guard
 * @returns {Promise<import('./postgres.mjs').TestServer>}
 */
export async function startRedis(guard) {
  const folder = await guard.folder()
  const port = await freePort()
  let server = await launch(guard, port, folder)
  return {
    url: `redis://127.0.0.1:${port}`,
    kill: async () => {
      process.kill(server.pid, 'SIGKILL')
      await server.exited
      guard.forget(server.pid)
    },
    start: async () => {
      server = await launch(guard, port, folder)
    },
  }
}

/**
 * @param {Guard} guard
 * @param {number} port
 * @param {string} folder
 */
async function launch(guard, port, folder) {
  const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder]
  const child = spawn('redis-server', [...place, '--save', '', '--appendonly', 'no'], {
    detached: true,
    stdio: 'ignore',
  })
  const exited = new Promise(resolve => child.once('exit', resolve))
  await once(child, 'spawn').catch(cause => {
    throw new ServiceMissing('no redis-server is installed on this machine (Debian: redis-server)', { cause })
  })
  const pid = child.pid ?? 0
  guard.watch(pid)
  const deadline = Date.now() + startTimeoutMs
  while (!(await answersPing(port))) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`redis-server did not start on port ${port}`)
    await delay(10)
  }
  return { pid, exited }
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function answersPing(port) {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    /** @param {boolean} answer */
    const finish = answer => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('data', data => finish(data.toString().startsWith('+PONG')))
    socket.once('error', () => finish(false))
    socket.setTimeout(1_000, () => finish(false))
  })
}
