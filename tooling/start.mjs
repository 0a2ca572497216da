// @ts-check
/** `npm start`: from a fresh clone to a running server. Installs and builds only what is not there yet. */
import { pathToFileURL } from 'node:url'
import { requireNode } from './lib/require-node.mjs'

requireNode()
// Loaded late: an older Node would fail on these before it could say why.
const { ensureInstalled } = await import('./lib/install.mjs')
const { endWithParent } = await import('./lib/parent.mjs')
const { main } = await import('./lib/run.mjs')
const { buildServer, serverEntry } = await import('./lib/targets.mjs')

await main(async () => {
  await ensureInstalled()
  await buildServer()
  // In this very process: signals reach the server directly, its exit code is ours, and nothing waits beside it.
  if (process.env.npm_lifecycle_event === 'start') endWithParent()
  process.setSourceMapsEnabled(true)
  await import(pathToFileURL(serverEntry).href)
})
