import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, readlinkSync } from 'node:fs'

/** What tells one process from a later one that was given the same number. */
type ProcessFacts = { readonly state: string; readonly started: string }

const hasProc = existsSync('/proc/self/stat')

/** True while the process exists and can still do something; one that only waits to be reaped does not count. */
export function isRunning(pid: number): boolean {
  const facts = processFacts(pid)
  return facts !== undefined && !facts.state.startsWith('Z')
}

/** When the process started, as an opaque text that differs between two processes with one number. */
export function startMark(pid: number): string | undefined {
  return processFacts(pid)?.started
}

/** Which set of process numbers we live in: two containers on one volume may both be process 1. */
export function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return 'host'
  }
}

/** True when the process was started on this data directory, and is not some other one with its number. */
export function isPostmasterOf(pid: number, directory: string): boolean {
  return isRunning(pid) && commandLine(pid).includes(directory)
}

// Not the working directory, which root may not see of other users' processes inside a container.
function commandLine(pid: number): string {
  if (!hasProc) return psField(pid, 'command') ?? ''
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

function processFacts(pid: number): ProcessFacts | undefined {
  return hasProc ? factsFromProc(pid) : factsFromPs(pid)
}

function factsFromProc(pid: number): ProcessFacts | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in brackets and may hold spaces: count from behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return { state: fields[0] ?? '', started: `${boot}:${fields[19] ?? ''}` }
  } catch {
    return undefined
  }
}

/** The same where there is no /proc (macOS); exported so that its test can compare both. */
export function factsFromPs(pid: number): ProcessFacts | undefined {
  const state = psField(pid, 'stat')
  const started = psField(pid, 'lstart')
  return state && started ? { state, started } : undefined
}

function psField(pid: number, field: string): string | undefined {
  try {
    const output = execFileSync('ps', ['-o', `${field}=`, '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' })
    return output.trim() || undefined
  } catch {
    return undefined
  }
}
