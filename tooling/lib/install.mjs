// @ts-check
/** Installs packages when what is in node_modules is not what the lockfile says. */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.mjs'
import { runNpmQuietly, step } from './run.mjs'

/** @typedef {{ readonly version?: string, readonly integrity?: string, readonly optional?: boolean }} LockedPackage */
/** @typedef {{ readonly packages: Readonly<Record<string, LockedPackage>> }} Lockfile */

/**
 * True when every locked package is installed in its version. Optional ones may be missing: they are for other
 * machines.
 * @param {Lockfile} locked package-lock.json
 * @param {Lockfile} installed node_modules/.package-lock.json
 */
export function isInstalled(locked, installed) {
  return Object.entries(locked.packages).every(([path, { version, integrity, optional = false }]) => {
    const found = installed.packages[path]
    if (path === '') return true
    if (found === undefined) return optional
    return found.version === version && found.integrity === integrity
  })
}

/**
 * @param {string} path
 * @returns {string | undefined}
 */
function textOf(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/**
 * Makes node_modules what package-lock.json says, and does nothing if it is already.
 * @param {string} [folder] with a package.json and its lockfile
 */
export async function ensureInstalled(folder = root) {
  const lock = readFileSync(join(folder, 'package-lock.json'), 'utf8')
  const hash = createHash('sha256').update(lock).digest('hex')
  const stamp = join(folder, 'node_modules', '.dimmer-lock-hash')
  if (textOf(stamp) === hash) return
  const installed = textOf(join(folder, 'node_modules', '.package-lock.json'))
  if (installed === undefined || !isInstalled(JSON.parse(lock), JSON.parse(installed))) {
    await step('Installing packages', () =>
      runNpmQuietly(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder }),
    )
  }
  writeFileSync(stamp, hash)
}
