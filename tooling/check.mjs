// @ts-check
/** `npm run check`: format and lint, types, typed lint, arrows. Goes on after a failure, so that one run shows all. */
import { bin, run } from './lib/run.mjs'

/** @type {ReadonlyArray<readonly [name: string, command: string, args: readonly string[]]>} */
const checks = [
  ['format, imports, lint (biome)', bin('biome'), ['check', '--error-on-warnings', '.']],
  ['types (tsc)', bin('tsc'), ['-b']],
  ['rules that need types, sizes (eslint)', bin('eslint'), ['--max-warnings', '0', '.']],
  ['unused files, exports and packages (knip)', bin('knip'), ['--no-progress']],
  ['what would be published (publint)', process.execPath, ['tooling/check-packages.mjs']],
  ['lockfile has all platforms', process.execPath, ['tooling/lockfile.mjs', '--check']],
  ['arrows, cycles, purity, environment', process.execPath, ['tooling/check-arch.mjs']],
]

for (const [name, command, args] of checks) {
  const started = Date.now()
  const ok = run(command, args)
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
  if (!ok) process.exitCode = 1
}
