// @ts-check
import { execFile } from 'node:child_process'
import { lstat, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { canReadMemory, familyMb, residentMb } from '../lib/memory.mjs'
import { median, rounded } from '../lib/numbers.mjs'
import { inTemporaryFolder, startServer } from '../lib/server.mjs'

/** @import { Result, Row } from '../lib/types.ts' */

export const about = 'server start to ready (empty and existing data folder), idle memory, size of the install'

const starts = 5
const idleMs = 10_000
const root = fileURLToPath(new URL('../../', import.meta.url))

/**
 * @param {string} dataDir
 * @returns {Promise<number>} ms
 */
async function startOnce(dataDir) {
  const { readyMs, stop } = await startServer(dataDir)
  await stop()
  return readyMs
}

/**
 * @param {string} name
 * @param {readonly number[]} times ms
 * @returns {Row}
 */
function startRow(name, times) {
  const value = rounded(median(times) / 1000)
  return { name: `start to ready, ${name}, median of ${times.length}`, value, unit: 's', goal: 3, met: value < 3 }
}

/** @returns {Promise<Row[]>} */
async function startTimes() {
  /** @type {number[]} */
  const cold = []
  for (let i = 0; i < starts; i++) cold.push(await inTemporaryFolder(startOnce))
  const warm = await inTemporaryFolder(async dataDir => {
    await startOnce(dataDir)
    /** @type {number[]} */
    const times = []
    for (let i = 0; i < starts; i++) times.push(await startOnce(dataDir))
    return times
  })
  return [startRow('empty data folder', cold), startRow('existing data folder', warm)]
}

/** @returns {Promise<Row[]>} */
async function idleMemory() {
  if (!canReadMemory) return []
  return inTemporaryFolder(async dataDir => {
    const { pid, stop } = await startServer(dataDir)
    try {
      await delay(idleMs)
      const postmaster = Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0])
      const node = residentMb(pid)
      const postgres = familyMb(postmaster)
      const both = rounded(node + postgres)
      return [
        { name: 'idle memory after 10 s: Node (resident)', value: rounded(node), unit: 'MB' },
        { name: 'idle memory after 10 s: PostgreSQL (shared pages once)', value: rounded(postgres), unit: 'MB' },
        { name: 'idle memory after 10 s: both', value: both, unit: 'MB', goal: 150, met: both < 150 },
      ]
    } finally {
      await stop()
    }
  })
}

/**
 * @param {string} path of a folder; links are not followed
 * @param {(name: string) => boolean} [enter] whether to count what is in a folder of this name
 * @returns {Promise<number>} bytes
 */
async function sizeOf(path, enter = () => true) {
  const entries = await readdir(path, { withFileTypes: true })
  const sizes = entries.map(async entry => {
    const inner = join(path, entry.name)
    if (entry.isDirectory()) return enter(entry.name) ? sizeOf(inner, enter) : 0
    return entry.isFile() ? (await lstat(inner)).size : 0
  })
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

/** What `npm ls` says the server needs at run time. */
async function productionFolders() {
  const args = ['ls', '--workspace', 'apps/server', '--omit=dev', '--all', '--parseable']
  const { stdout } = await promisify(execFile)('npm', args, { cwd: root })
  return [...new Set(stdout.trim().split('\n'))].filter(path => path.includes('/node_modules/'))
}

/** @returns {Promise<Row[]>} */
async function installSize() {
  const folders = await productionFolders()
  const production = await Promise.all(folders.map(path => sizeOf(path, name => name !== 'node_modules')))
  const all = await sizeOf(join(root, 'node_modules'))
  const inMb = (/** @type {number} */ bytes) => rounded(bytes / 1e6)
  return [
    {
      name: `install: the server's ${folders.length} packages`,
      value: inMb(production.reduce((sum, size) => sum + size, 0)),
      unit: 'MB',
    },
    { name: 'install: whole repository, with all tools', value: inMb(all), unit: 'MB' },
  ]
}

/** @returns {Promise<Result>} */
export async function run() {
  return { rows: [...(await startTimes()), ...(await idleMemory()), ...(await installSize())] }
}
