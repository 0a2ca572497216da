// @ts-check
/**
 * `npm run demo`: the server on a fresh database of its own, the example application under live traffic, and the
 * invoicing story in the terminal and in the dashboard. Afterwards the server stays up until Ctrl-C; with `--once` it
 * ends with the story.
 */
import { requireNode } from './lib/require-node.mjs'

requireNode()
const { spawn } = await import('node:child_process')
const { once } = await import('node:events')
const { rmSync } = await import('node:fs')
const { ensureInstalled } = await import('./lib/install.mjs')
const { inRoot } = await import('./lib/root.mjs')
const { main } = await import('./lib/run.mjs')
const { buildAll, serverEntry } = await import('./lib/targets.mjs')

/** The database of the last demo is thrown away: the story starts from the sample project. */
const dataFolder = inRoot('.dimmer', 'demo')
const stayUp = !process.argv.includes('--once')

/**
 * Starts the server and resolves to its address when it is ready.
 * @returns {Promise<{ server: import('node:child_process').ChildProcess, url: string }>}
 */
async function startServer() {
  const env = { LOG_LEVEL: 'warn', ...process.env, DIMMER_DATA: dataFolder, DIMMER_LOOK_EVERY_MS: '1000' }
  const server = spawn(process.execPath, [serverEntry], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const url = await new Promise((resolve, reject) => {
    let printed = ''
    server.stdout.on('data', chunk => {
      process.stdout.write(chunk)
      printed += String(chunk)
      const ready = /Dimmer is ready: (\S+)/.exec(printed)
      if (ready !== null) resolve(ready[1])
    })
    server.once('exit', code => reject(new Error(`The server ended with code ${String(code)} before it was ready.`)))
  })
  return { server, url }
}

await main(async () => {
  await ensureInstalled()
  await buildAll()
  rmSync(dataFolder, { recursive: true, force: true })
  const { server, url } = await startServer()
  const story = spawn(process.execPath, [inRoot('examples/invoicing/dist/demo/main.js'), url], { stdio: 'inherit' })
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    process.on(signal, () => {
      story.kill(signal)
      server.kill(signal)
    })
  }
  const [code] = await once(story, 'exit')
  if (code === 0 && stayUp && server.exitCode === null) {
    console.log(`\nThe dashboard stays open at ${url}. Press Ctrl-C to end.`)
    await once(server, 'exit')
  } else if (server.exitCode === null) {
    server.kill('SIGTERM')
    await once(server, 'exit')
  }
  process.exitCode = code ?? 1
})
