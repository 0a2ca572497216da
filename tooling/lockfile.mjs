// @ts-check
/**
 * `node tooling/lockfile.mjs [--check]`: adds the platform packages that npm left out of the lockfiles, so that
 * `npm ci` works everywhere. To be run after every `npm install`; `npm run check` says when it was forgotten.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { completed, gaps } from './lib/lockfile.mjs'
import { inRoot } from './lib/root.mjs'

const checkOnly = process.argv.includes('--check')
const folders = ['.', 'bench/peers', 'bench/unleash', 'examples/next']
for (const name of folders.map(folder => join(folder, 'package-lock.json'))) {
  const path = inRoot(name)
  if (!existsSync(path)) continue
  const lock = JSON.parse(readFileSync(path, 'utf8'))
  const missing = gaps(lock)
  if (missing.length === 0) continue
  if (checkOnly) {
    console.error(`${name} lacks ${missing.length} platform packages, e.g. ${missing[0]?.name}`)
    console.error('  npm ci would refuse it; run: node tooling/lockfile.mjs')
    process.exitCode = 1
  } else {
    writeFileSync(path, `${JSON.stringify(completed(lock), undefined, 2)}\n`)
    console.log(`${name}: added ${missing.length} platform packages`)
  }
}
