import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Endpoint } from './endpoint.ts'
import { EmbeddedPostgresError } from './errors.ts'
import { isPostmasterOf, isRunning } from './process-info.ts'
import { commandAs, fileOwner, type RunAs } from './run-as.ts'
import type { Settings } from './settings.ts'
import { hasCode } from './system-errors.ts'

/** A running server process. `exited` resolves when it is gone, whoever started it. */
export type Postmaster = { readonly pid: number; readonly exited: Promise<void> }

/** What to start: the data directory must exist. `log` is the file that the server's messages are added to. */
export type PostmasterPlan = {
  readonly program: string
  readonly directory: string
  readonly runAs: RunAs
  readonly settings: Settings
  readonly log: string
}

/** What the server wrote about itself into its data directory, as far as it has come. */
export type PostmasterFile = { readonly pid: number; readonly endpoint: Endpoint; readonly status: string }

const pollMs = 5
const adoptedPollMs = 200
const startTimeoutMs = 60_000
// After a crash the old server's children need a moment to go; until then a new one is refused.
const passing = /pre-existing shared memory block|lock file ".*" already exists|already in use/

/**
 * Starts a server and waits until it takes connections.
 * It gets a session of its own, so that Ctrl-C in the terminal reaches us only and we stop it when we are ready.
 * @throws EmbeddedPostgresError `start-failed`, with the end of the server's log.
 */
export async function startPostmaster(plan: PostmasterPlan): Promise<Postmaster> {
  const deadline = Date.now() + startTimeoutMs
  const logStart = await stat(plan.log).then(
    file => file.size,
    () => 0,
  )
  for (;;) {
    await removeStaleLocks(plan.directory)
    const postmaster = await spawnPostmaster(plan)
    if (await becomesReady(plan.directory, postmaster, deadline)) return postmaster
    if (isRunning(postmaster.pid)) await stopPostmaster(postmaster)
    const said = (await readFile(plan.log)).subarray(logStart).toString('utf8')
    if (!passing.test(said) || Date.now() > deadline) throw startFailed(plan, said)
    await delay(100)
  }
}

async function spawnPostmaster(plan: PostmasterPlan): Promise<Postmaster> {
  const settings = Object.entries(plan.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const command = commandAs(plan.runAs, plan.program, ['-D', plan.directory, ...settings])
  const log = await open(plan.log, 'a', 0o600)
  try {
    const owner = fileOwner(plan.runAs)
    if (owner) await log.chown(owner.uid, owner.gid)
    const child = spawn(command.program, command.args, {
      ...command.options,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    })
    const exited = new Promise<void>(resolve => child.once('exit', () => resolve()))
    await once(child, 'spawn')
    return { pid: child.pid ?? 0, exited }
  } finally {
    await log.close()
  }
}

async function becomesReady(directory: string, { pid, exited }: Postmaster, deadline: number): Promise<boolean> {
  let gone = false
  void exited.then(() => {
    gone = true
  })
  while (!gone && Date.now() < deadline) {
    const file = await readPostmasterFile(directory)
    if (file?.pid === pid && file.status === 'ready') return true
    await delay(pollMs)
  }
  return false
}

/** Reads `postmaster.pid`; undefined when there is none or the server has only begun to write it. */
export async function readPostmasterFile(directory: string): Promise<PostmasterFile | undefined> {
  try {
    const lines = (await readFile(join(directory, 'postmaster.pid'), 'utf8')).split('\n').map(line => line.trim())
    const [pid, , , port, socketFolder, address, , status] = lines
    if (!pid || !port) return undefined
    const endpoint = { host: socketFolder || address || '127.0.0.1', port: Number(port) }
    return { pid: Number(pid), endpoint, status: status ?? '' }
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/** The server that still runs on a data directory, as after a SIGKILL of the process that started it. */
export async function findOrphan(directory: string): Promise<(Postmaster & PostmasterFile) | undefined> {
  const file = await readPostmasterFile(directory)
  if (!file || !isPostmasterOf(file.pid, directory)) return undefined
  return { ...file, exited: exitOf(file.pid) }
}

/**
 * PostgreSQL refuses to start when one of its lock files names a process that exists, even if that is another program
 * with the same number, or a dead one that nobody reaps (as in a container without an init process).
 */
async function removeStaleLocks(directory: string): Promise<void> {
  const file = await readPostmasterFile(directory)
  if (file && isPostmasterOf(file.pid, directory)) return
  const locks = (await readdir(directory)).filter(
    name => name === 'postmaster.pid' || /^\.s\.PGSQL.*\.lock$/.test(name),
  )
  await Promise.all(locks.map(name => rm(join(directory, name), { force: true })))
}

/** Not our child, so nobody tells us: look now and then. */
async function exitOf(pid: number): Promise<void> {
  while (isRunning(pid)) await delay(adoptedPollMs)
}

/** Waits until the server has finished starting or stopping, as far as the time reaches. */
export async function settled(directory: string, pid: number, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (isRunning(pid) && Date.now() < deadline) {
    if ((await readPostmasterFile(directory))?.status === 'ready') return
    await delay(pollMs)
  }
}

/** Stops a server: closes its connections and writes everything out; if that takes too long, ever harder. */
export async function stopPostmaster({ pid }: Postmaster): Promise<void> {
  const steps = [['SIGINT', 10_000] as const, ['SIGQUIT', 5_000] as const, ['SIGKILL', 5_000] as const]
  for (const [signal, patienceMs] of steps) {
    if (await gone(pid, signal, patienceMs)) return
  }
}

async function gone(pid: number, signal: NodeJS.Signals, patienceMs: number): Promise<boolean> {
  const deadline = Date.now() + patienceMs
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return true
    throw error
  }
  while (isRunning(pid) && Date.now() < deadline) await delay(pollMs)
  return !isRunning(pid)
}

function startFailed(plan: PostmasterPlan, said: string): EmbeddedPostgresError {
  const end = said.trim().split('\n').slice(-5).join('\n')
  return new EmbeddedPostgresError(
    'start-failed',
    `The embedded PostgreSQL did not start on ${plan.directory}:\n${end || 'it said nothing'}\nMore in ${plan.log}`,
  )
}
