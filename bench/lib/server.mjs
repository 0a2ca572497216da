// @ts-check
/** Starts the built server as a process of its own, on an embedded database in a folder that is removed at the end. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/**
 * @typedef {object} RunningServer
 * @property {string} url
 * @property {number} port
 * @property {number} pid
 * @property {number} readyMs
 * @property {() => Promise<void>} stop
 * @property {() => Promise<void>} kill SIGKILL: no farewell; its database goes on
 */

const entry = fileURLToPath(new URL('../../apps/server/dist/main.js', import.meta.url))
const startTimeoutMs = 60_000

export async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** @param {string} url */
const isReady = url =>
  fetch(`${url}/readyz`).then(
    async answer => (await answer.arrayBuffer()) && answer.ok,
    () => false,
  )

/**
 * @param {string} dataDir
 * @param {{ port?: number, settings?: Readonly<Record<string, string>> }} [options] a free port, unless one is given
 * @returns {Promise<RunningServer>} when it has said that it is ready; `readyMs` counts from the start of the process
 */
export async function startServer(dataDir, options = {}) {
  const port = options.port ?? (await freePort())
  const url = `http://127.0.0.1:${port}`
  const { DATABASE_URL: _, REDIS_URL: __, ...env } = process.env
  const started = performance.now()
  const child = spawn(process.execPath, [entry], {
    env: {
      ...env,
      PORT: String(port),
      DIMMER_DATA: dataDir,
      LOG_LEVEL: 'error',
      NODE_ENV: 'production',
      ...options.settings,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let complaints = ''
  child.stderr.on('data', chunk => {
    complaints = (complaints + String(chunk)).slice(-2_000)
  })
  const end = async (/** @type {NodeJS.Signals} */ signal) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }
  while (!(await isReady(url))) {
    if (child.exitCode !== null) throw new Error(`the server ended with code ${child.exitCode}: ${complaints}`)
    if (performance.now() - started > startTimeoutMs) throw new Error(`the server did not get ready: ${complaints}`)
    await delay(2)
  }
  return {
    url,
    port,
    pid: child.pid ?? 0,
    readyMs: performance.now() - started,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}

/**
 * The embedded database of a server that runs in this folder, for whom else is to use it.
 * @param {string} dataDir
 * @param {string} [database]
 */
export async function databaseUrl(dataDir, database = 'postgres') {
  const folder = join(dataDir, 'postgres')
  const password = (await readFile(join(folder, 'dimmer-password'), 'utf8')).trim()
  return `postgresql://dimmer:${encodeURIComponent(password)}@${encodeURIComponent(folder)}:5432/${database}`
}

/**
 * @template T
 * @param {(folder: string) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function inTemporaryFolder(work) {
  const folder = await mkdtemp(join(tmpdir(), 'dimmer-bench-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
