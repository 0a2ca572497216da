// @ts-check
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../.cache/not-run/', import.meta.url))

/**
 * What could not be tested here, and why. One file per test project, `.cache/not-run/<project>.json`, an array of
 * these; there is a file exactly when the project's last run lacked something.
 * @typedef {{ project: string, service: string, reason: string }} NotRun
 */

/**
 * Replaces what a project's last run wrote.
 * @param {string} project
 * @param {NotRun[]} missing
 */
export async function recordNotRun(project, missing) {
  const path = join(folder, `${project.replace(/[^a-z]+/gi, '-').toLowerCase()}.json`)
  if (missing.length === 0) return rm(path, { force: true })
  await mkdir(folder, { recursive: true })
  await writeFile(path, JSON.stringify(missing, undefined, 2))
}

/**
 * Everything that the last runs of all projects lacked.
 * @returns {Promise<NotRun[]>}
 */
export async function readNotRun() {
  const names = await readdir(folder).catch(() => [])
  const files = await Promise.all(names.map(name => readFile(join(folder, name), 'utf8')))
  return files.flatMap(text => JSON.parse(text))
}

/** Forgets earlier runs, also those of projects that will not run now. */
export async function clearNotRun() {
  await rm(folder, { recursive: true, force: true })
}
