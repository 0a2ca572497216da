// @ts-check
import { spawn } from 'node:child_process'
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
  const child = spawn(process.execPath, [fileURLToPath(new URL('./guardian.mjs', import.meta.url))], {
    // A session of its own: Ctrl-C must reach the tests, and not their cleaner.
    detached: true,
    stdio: ['pipe', 'inherit', 'inherit'],
  })
  child.unref()
  const gone = once(child, 'exit')
  /** @param {object} message */
  const tell = message => void child.stdin.write(`${JSON.stringify(message)}\n`)
  return {
    folder: async () => {
      const folder = await realpath(await mkdtemp(join(tmpdir(), 'dimmer-test-')))
      tell({ remove: folder })
      await chmod(folder, 0o711)
      return folder
    },
    watch: pid => tell({ kill: pid }),
    forget: pid => tell({ spare: pid }),
    close: async () => {
      child.ref()
      child.stdin.end()
      await gone
    },
  }
}
