// @ts-check
/** Tells whether the inputs of a build have changed since it was last done. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * @typedef {object} Target
 * @property {string} stamp file that keeps the fingerprint of the last build
 * @property {readonly string[]} inputs files and folders
 * @property {readonly string[]} outputs files and folders
 */

/** Tests, outputs and installed packages are no input of a build. */
const ignored = /(^|\/)(node_modules|dist|\.cache)$|\.test\.tsx?$|\.tsbuildinfo$/

/**
 * @param {string} path file or folder
 * @returns {string[]} all files in it
 */
function filesIn(path) {
  if (ignored.test(path)) return []
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return []
  if (!stats.isDirectory()) return [path]
  return readdirSync(path)
    .sort()
    .flatMap(name => filesIn(join(path, name)))
}

/**
 * A hash over the names and contents of files.
 * @param {readonly string[]} paths files and folders; those that don't exist count as empty
 */
function fingerprint(paths) {
  const hash = createHash('sha256')
  for (const file of paths.flatMap(filesIn)) {
    const content = readFileSync(file)
    hash.update(`${file}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

/**
 * Runs `build` unless its inputs are those of the last time and its outputs are there.
 * @param {Target} target
 * @param {(outputsMissing: boolean) => Promise<void>} build
 */
export async function unlessFresh({ stamp, inputs, outputs }, build) {
  const current = fingerprint(inputs)
  const complete = outputs.every(output => existsSync(output))
  if (complete && existsSync(stamp) && readFileSync(stamp, 'utf8') === current) return
  // A build that fails half-way must not look fresh because its inputs are put back.
  rmSync(stamp, { force: true })
  await build(!complete)
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, current)
}
