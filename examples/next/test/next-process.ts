import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Guard } from '../../../tooling/services/guard.mjs'

const FOLDER = join(import.meta.dirname, '..')
const NEXT = join(FOLDER, 'node_modules/next/dist/bin/next')

/** The built example as a process of its own. */
export interface NextProcess {
  readonly url: string
  /** Everything it has printed so far. */
  readonly output: () => string
  /** Ends it with SIGTERM and resolves when it is gone. */
  stop(): Promise<void>
}

function readiness(child: ChildProcess, output: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output())?.[0]
      if (url !== undefined && output().includes('Ready in')) resolve(url)
    }
    child.stdout?.on('data', look)
    child.once('exit', code => reject(new Error(`next ended with code ${code} before it was ready:\n${output()}`)))
  })
}

/** Starts `next start` with these settings on a free port and resolves when it is ready. */
export async function startNext(guard: Guard, settings: Record<string, string>): Promise<NextProcess> {
  const child = spawn(process.execPath, [NEXT, 'start', '--port', '0', '--hostname', '127.0.0.1'], {
    cwd: FOLDER,
    env: { PATH: process.env.PATH, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  guard.watch(child.pid ?? 0)
  let printed = ''
  const output = () => printed
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', chunk => {
      printed += String(chunk)
    })
  }
  const url = await readiness(child, output)
  return {
    url,
    output,
    stop: async () => {
      const gone = once(child, 'exit')
      if (child.exitCode === null && child.kill('SIGTERM')) await gone
      guard.forget(child.pid ?? 0)
    },
  }
}
