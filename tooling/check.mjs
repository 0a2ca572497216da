// @ts-check
/** `npm run check`: format and lint, types, typed lint, arrows. Stops at the first that fails. */
import { spawnSync } from 'node:child_process'

/** @type {ReadonlyArray<readonly [string, string[]]>} */
const steps = [
  ['biome (format, imports, lint)', ['node_modules/.bin/biome', 'check', '--error-on-warnings', '.']],
  ['types', ['node_modules/.bin/tsc', '-b']],
  ['eslint (rules that need types, sizes)', ['node_modules/.bin/eslint', '--max-warnings', '0', '.']],
  ['arrows, cycles, environment', [process.execPath, 'tooling/check-arch.mjs']],
]

for (const [name, [command, ...args]] of steps) {
  const started = Date.now()
  const { status } = spawnSync(/** @type {string} */ (command), args, { stdio: 'inherit' })
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
  if (status !== 0) process.exit(1)
}
