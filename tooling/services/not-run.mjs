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

/** @param {string} project */
const fileOf = project => join(folder, `${project.replace(/[^a-z]+/gi, '-').toLowerCase()}.json`)

/**
 * Replaces what a project's last run wrote.
 * @param {string} project
 * @param {NotRun[]} missing
 */
export async function recordNotRun(project, missing) {
  const path = fileOf(project)
  if (missing.length === 0) return rm(path, { force: true })
  await mkdir(folder, { recursive: true })
  await writeFile(path, JSON.stringify(missing, undefined, 2))
}

/**
 * For what a test finds out only when it runs: adds to what the project's run wrote, and says so.
 * @param {NotRun} missing
 */
export async function addNotRun(missing) {
  const text = await readFile(fileOf(missing.project), 'utf8').catch(() => '[]')
  await recordNotRun(missing.project, [...JSON.parse(text), missing])
  console.warn(`NOT RUN in ${missing.project}: tests of ${missing.service}: ${missing.reason}`)
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
