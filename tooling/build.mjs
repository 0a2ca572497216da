// @ts-check
/** `npm run build`: installs packages if needed, then builds whatever is stale. */
import { requireNode } from './lib/require-node.mjs'

requireNode()
// Loaded late: an older Node would fail on these before it could say why.
const { ensureInstalled } = await import('./lib/install.mjs')
const { main } = await import('./lib/run.mjs')
const { buildAll } = await import('./lib/targets.mjs')

await main(async () => {
  await ensureInstalled()
  await buildAll()
})
