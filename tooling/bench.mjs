// @ts-check
/** `npm run bench -- NAME [--json]`: installs and builds what a bench needs, then hands over to bench/cli.mjs. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { requireNode } from './lib/require-node.mjs'

requireNode()
// Loaded late: an older Node would fail on these before it could say why.
const { pathToFileURL } = await import('node:url')
const { ensureInstalled } = await import('./lib/install.mjs')
const { inRoot } = await import('./lib/root.mjs')
const { main } = await import('./lib/run.mjs')
const { buildAll } = await import('./lib/targets.mjs')

const args = process.argv.slice(2)

await main(async () => {
  await ensureInstalled()
  if (args.length > 0) {
    // Benches run what is built, and compare it with SDKs that have a lockfile of their own.
    await buildAll()
    await ensureInstalled(inRoot('bench', 'peers'))
    // What only one bench needs is beside it.
    const own = args.map(name => inRoot('bench', name)).find(folder => existsSync(join(folder, 'package-lock.json')))
    if (own !== undefined) await ensureInstalled(own)
  }
  const { runCli } = await import(pathToFileURL(inRoot('bench', 'cli.mjs')).href)
  process.exitCode = await runCli(args)
})
