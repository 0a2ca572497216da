import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { root } from './lib/root.mjs'

const dataDir = mkdtempSync(join(tmpdir(), 'dimmer-start-'))
const running = new Set<ChildProcess>()

afterEach(async () => {
  for (const child of running) {
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  rmSync(dataDir, { recursive: true, force: true })
})

/** Runs what `npm start` runs, until it says where it is. */
async function start(
  env: Readonly<Record<string, string>>,
): Promise<{ child: ChildProcess; url: string; output: string }> {
  const { DATABASE_URL: _, REDIS_URL: __, ...inherited } = process.env
  const child = spawn(process.execPath, ['tooling/start.mjs'], { cwd: root, env: { ...inherited, ...env } })
  running.add(child)
  child.once('exit', () => running.delete(child))
  let output = ''
  for await (const chunk of child.stdout) {
    output += String(chunk)
    const url = /Dimmer is ready: (\S+)/.exec(output)?.[1]
    if (url !== undefined) return { child, url, output }
  }
  throw new Error(`it ended before it was ready: ${output}`)
}

it('serves, ends in good order on Ctrl-C, and builds nothing the second time', async () => {
  const settings = { PORT: '0', DIMMER_DATA: dataDir, LOG_LEVEL: 'error' }
  const first = await start(settings)
  expect((await fetch(`${first.url}/readyz`)).status).toBe(200)
  first.child.kill('SIGINT')
  expect(await once(first.child, 'exit')).toEqual([0, null])

  const second = await start(settings)
  expect(second.output).not.toMatch(/Installing|Compiling|Bundling/)
  expect((await fetch(`${second.url}/readyz`)).status).toBe(200)
})

it('says what is wrong with a setting, and fails', async () => {
  const child = spawn(process.execPath, ['tooling/start.mjs'], { cwd: root, env: { ...process.env, PORT: 'many' } })
  let errors = ''
  child.stderr.on('data', chunk => {
    errors += String(chunk)
  })
  expect((await once(child, 'exit'))[0]).toBe(1)
  expect(errors).toContain('PORT is "many"')
})
