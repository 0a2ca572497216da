// @ts-check
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * A program and the Debian package that brings it.
 * @typedef {{ binary: string, package: string }} DebianProgram
 */

/** @type {readonly DebianProgram[]} */
const testServices = [
  { binary: 'postgres', package: 'postgresql-15' },
  { binary: 'redis-server', package: 'redis-server' },
  { binary: 'prometheus', package: 'prometheus' },
  { binary: 'chromium', package: 'chromium' },
]

/**
 * Installs what is missing, when we are root on a Debian-like system; no service is started.
 * @param {readonly DebianProgram[]} [programs] what the tests use, if not given
 * @returns {DebianProgram[]} what is still missing
 */
export function ensureDebianPackages(programs = testServices) {
  const missing = programs.filter(program => !isInstalled(program.binary))
  if (missing.length === 0 || process.getuid?.() !== 0 || !isInstalled('apt-get')) return missing
  const packages = [...new Set(missing.map(program => program.package))]
  console.log(`Installing ${packages.join(', ')} with apt-get`)
  if (!aptGet('update')) return missing
  // One by one: a package that this system does not know must not keep out the others.
  withoutServices(() => {
    for (const name of packages) aptGet('install', '--yes', '--no-install-recommends', name)
  })
  return missing.filter(program => !isInstalled(program.binary))
}

/**
 * Whether a program is on the PATH, or among the versioned folders where Debian keeps PostgreSQL's.
 * @param {string} binary
 */
export function isInstalled(binary) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...postgresFolders()]
  return folders.some(folder => isExecutable(join(folder, binary)))
}

function postgresFolders() {
  const home = '/usr/lib/postgresql'
  try {
    return readdirSync(home).map(version => join(home, version, 'bin'))
  } catch {
    return []
  }
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const servicePolicy = '/usr/sbin/policy-rc.d'

/**
 * Runs something while packages may not start their services. A policy that the system already has stays.
 * @param {() => void} work
 */
function withoutServices(work) {
  if (existsSync(servicePolicy)) return work()
  writeFileSync(servicePolicy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    work()
  } finally {
    rmSync(servicePolicy)
  }
}

/**
 * @param {...string} args
 * @returns {boolean} whether it succeeded; if not, what it said has been printed
 */
function aptGet(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const { status, stderr } = spawnSync('apt-get', ['-qq', ...args], { env, encoding: 'utf8', stdio: 'pipe' })
  if (status !== 0) console.warn(`apt-get ${args.join(' ')} failed: ${stderr?.trim() ?? 'not started'}`)
  return status === 0
}
