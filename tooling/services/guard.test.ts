import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { isRunning } from '../../apps/server/src/adapters/embedded-postgres/process-info.ts'

const program = `
  import { openGuard } from ${JSON.stringify(new URL('./guard.mjs', import.meta.url).href)}
  import { spawn } from 'node:child_process'
  const guard = openGuard()
  const folder = await guard.folder()
  const server = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' })
  guard.watch(server.pid)
  process.stdout.write(JSON.stringify({ folder, pid: server.pid }))
  if (process.argv[1] === 'close') {
    await guard.close()
    process.exit(0)
  }
`

it.each(['close', 'SIGKILL'] as const)('leaves no server and no folder behind after %s', async ending => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program, ending], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [output] = await once(child.stdout, 'data')
  const { folder, pid } = JSON.parse(String(output))
  if (ending === 'SIGKILL') {
    expect([existsSync(folder), isRunning(pid)]).toEqual([true, true])
    child.kill('SIGKILL')
  }
  await expect.poll(() => [existsSync(folder), isRunning(pid)], { timeout: 4_000 }).toEqual([false, false])
})
