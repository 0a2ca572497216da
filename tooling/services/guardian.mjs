// @ts-check
/**
 * Runs beside a process that has started servers. When that process is gone, however it ended, the servers are killed
 * and the folders removed. It is told by lines of JSON: { kill: pid }, { spare: pid }, { remove: folder }; the end of
 * its input is the end of that process.
 */
import { rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'

/** @type {Set<number>} */
const servers = new Set()
/** @type {Set<string>} */
const folders = new Set()

for await (const line of createInterface({ input: process.stdin })) {
  const { kill, spare, remove } = JSON.parse(line)
  if (kill) servers.add(kill)
  if (spare) servers.delete(spare)
  if (remove) folders.add(remove)
}

// PostgreSQL takes its children with it on SIGQUIT, but not on SIGKILL; Redis ends on both.
for (const pid of servers) signal(pid, 'SIGQUIT')
for (let patience = 100; patience > 0 && [...servers].some(pid => signal(pid, 0)); patience--) await delay(20)
for (const pid of servers) signal(pid, 'SIGKILL')
for (const folder of folders) await rm(folder, { recursive: true, force: true, maxRetries: 5 })

/**
 * @param {number} pid
 * @param {NodeJS.Signals | 0} name
 */
function signal(pid, name) {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}
