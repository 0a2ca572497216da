// @ts-check
/** Memory and CPU time of processes, from /proc: Linux only. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'

export const canReadMemory = existsSync('/proc/self/smaps_rollup')

/**
 * @param {string} file
 * @param {string} field
 * @returns {number} MB
 */
function megabytes(file, field) {
  const line = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(file, 'utf8'))
  if (line === null) throw new Error(`${file} has no ${field}`)
  return Number(line[1]) / 1024
}

/**
 * Resident memory, as `ps` shows it.
 * @param {number} pid
 */
export const residentMb = pid => megabytes(`/proc/${pid}/status`, 'VmRSS')

/**
 * The proportional share of a process's memory: pages shared by n processes count 1/n in each, so that the sum over
 * PostgreSQL's processes counts the shared buffers once.
 * @param {number} pid
 */
const proportionalMb = pid => megabytes(`/proc/${pid}/smaps_rollup`, 'Pss')

/**
 * @param {number} parent
 * @returns {number[]}
 */
function childrenOf(parent) {
  const pids = readdirSync('/proc').filter(name => /^\d+$/.test(name))
  return pids.map(Number).filter(pid => {
    try {
      return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) === parent
    } catch {
      return false
    }
  })
}

/**
 * Memory of a process and its children, shared pages counted once.
 * @param {number} pid
 */
export const familyMb = pid => [pid, ...childrenOf(pid)].reduce((sum, member) => sum + proportionalMb(member), 0)

/**
 * CPU time that a process has used, in seconds.
 * @param {number} pid
 */
export function cpuSeconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name before may have spaces in it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}
