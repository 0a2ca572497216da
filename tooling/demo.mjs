// @ts-check
/**
 * `npm run demo`: the server on a fresh database of its own, the example application under live traffic, and the
 * invoicing story in the terminal and in the dashboard. Afterwards all stays up until Ctrl-C; with `--once` it
 * ends with the story.
 */
import { once } from 'node:events'
import { requireNode } from './lib/require-node.mjs'

requireNode()
const { spawn } = await import('node:child_process')
const { mkdtempSync, rmSync } = await import('node:fs')
const { tmpdir } = await import('node:os')
const { join } = await import('node:path')
const { ensureInstalled } = await import('./lib/install.mjs')
const { inRoot } = await import('./lib/root.mjs')
const { main } = await import('./lib/run.mjs')
const { buildAll, serverEntry } = await import('./lib/targets.mjs')

/** The story starts from the sample project, so each demo has a database of its own, thrown away at the end. */
const dataFolder = mkdtempSync(join(tmpdir(), 'dimmer-demo-'))
process.on('exit', () => rmSync(dataFolder, { recursive: true, force: true }))
const stayUp = !process.argv.includes('--once')

/**
 * Starts the server and resolves to its address when it is ready.
 * @returns {Promise<{ server: import('node:child_process').ChildProcess, url: string }>}
 */
async function startServer() {
  const env = { LOG_LEVEL: 'warn', ...process.env, DIMMER_DATA: dataFolder, DIMMER_LOOK_EVERY_MS: '1000' }
  // Not in our process group: Ctrl-C would reach it twice, and the second would end it at once.
  const server = spawn(process.execPath, [serverEntry], { env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
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
  const { server, url } = await startServer()
  const storyEntry = inRoot('examples/invoicing/dist/demo/main.js')
  const words = stayUp ? [storyEntry, url, '--stay'] : [storyEntry, url]
  const story = spawn(process.execPath, words, { detached: true, stdio: ['ignore', 'inherit', 'inherit'] })
  let stopping = false
  const stop = () => {
    // The story ends before its server; whoever presses Ctrl-C again does not want to wait for it.
    if (stopping || story.exitCode !== null) server.kill('SIGTERM')
    story.kill(stopping ? 'SIGKILL' : 'SIGTERM')
    stopping = true
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  const [code] = await once(story, 'exit')
  if (server.exitCode === null) {
    server.kill('SIGTERM')
    await once(server, 'exit')
  }
  process.exitCode = stopping ? 0 : (code ?? 1)
})
