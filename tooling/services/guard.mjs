// @ts-check
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Sees to it that servers and folders of a test are gone after it, also when the test process is killed.
 * @typedef {object} Guard
 * @property {() => Promise<string>} folder makes a temporary folder, which others may enter, and removes it at the end
 * @property {(pid: number) => void} watch a server to be killed at the end
 * @property {(pid: number) => void} forget a server that has ended
 * @property {() => Promise<void>} close ends everything now
 */

/** @returns {Guard} */
export function openGuard() {
  const child = fork(fileURLToPath(new URL('./guardian.mjs', import.meta.url)), {
    // A session of its own: Ctrl-C must reach the tests, and not their cleaner.
    detached: true,
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const gone = once(child, 'exit')
  return {
    folder: async () => {
      const folder = await realpath(await mkdtemp(join(tmpdir(), 'dimmer-test-')))
      child.send({ remove: folder })
      await chmod(folder, 0o711)
      return folder
    },
    watch: pid => void child.send({ kill: pid }),
    forget: pid => void child.send({ spare: pid }),
    close: async () => {
      if (child.connected) child.disconnect()
      await gone
    },
  }
}
