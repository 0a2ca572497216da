// @ts-check
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../../apps/server/src/adapters/embedded-postgres/endpoint.ts'
import { ServiceMissing } from './service-missing.mjs'

const startTimeoutMs = 10_000

/** @param {string} targetsFile */
const configFor = targetsFile => `global:
  scrape_interval: 1s
scrape_configs:
  - job_name: tests
    file_sd_configs:
      - files: ['${targetsFile}']
`

/**
 * Starts a Prometheus of its own that asks, once a second, whatever stands in its file of targets.
 * @param {import('./guard.mjs').Guard} guard
 * @returns {Promise<{ url: string, targetsFile: string }>}
 */
export async function startPrometheus(guard) {
  const folder = await guard.folder()
  const port = await freePort()
  const targetsFile = join(folder, 'targets.json')
  const configFile = join(folder, 'prometheus.yml')
  await writeFile(targetsFile, '[]')
  await writeFile(configFile, configFor(targetsFile))
  const place = [`--config.file=${configFile}`, `--storage.tsdb.path=${join(folder, 'data')}`]
  const child = spawn('prometheus', [...place, `--web.listen-address=127.0.0.1:${port}`, '--log.level=error'], {
    detached: true,
    stdio: 'ignore',
  })
  await once(child, 'spawn').catch(cause => {
    throw new ServiceMissing('no prometheus is installed on this machine (Debian: prometheus)', { cause })
  })
  guard.watch(child.pid ?? 0)
  const url = `http://127.0.0.1:${port}`
  const deadline = Date.now() + startTimeoutMs
  while (!(await isReady(url))) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`prometheus did not start on port ${port}`)
    await delay(50)
  }
  return { url, targetsFile }
}

/** @param {string} url */
const isReady = url =>
  fetch(`${url}/-/ready`).then(
    answer => answer.ok,
    () => false,
  )
