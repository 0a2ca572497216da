// @ts-check
/** `npm run dev`: compiler, server and dashboard, each reloading on change. One Ctrl-C stops all. */
import { requireNode } from './lib/require-node.mjs'

requireNode()
// Loaded late: an older Node would fail on these before it could say why.
const { ensureInstalled } = await import('./lib/install.mjs')
const { inRoot } = await import('./lib/root.mjs')
const { bin, main } = await import('./lib/run.mjs')
const { compile, serverEntry } = await import('./lib/targets.mjs')
const { runTogether } = await import('./lib/together.mjs')

const watched = ['apps/server', 'packages/node', 'packages/react']

/** Where the dashboard's development server sends its requests. */
const dashboardEnvironment = { ...process.env, DIMMER_URL: `http://127.0.0.1:${process.env.PORT ?? 4400}` }

await main(async () => {
  await ensureInstalled()
  for (const project of watched) await compile(project)
  await runTogether([
    { name: 'types', command: bin('tsc'), args: ['-b', '--watch', '--preserveWatchOutput', ...watched] },
    { name: 'server', command: process.execPath, args: ['--watch', '--enable-source-maps', serverEntry] },
    {
      name: 'dashboard',
      command: bin('vite'),
      args: ['--clearScreen', 'false'],
      cwd: inRoot('apps/dashboard'),
      env: dashboardEnvironment,
    },
  ])
})
