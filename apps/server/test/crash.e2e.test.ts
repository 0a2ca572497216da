import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@dimmer/node'
import { createAdminClient } from '@dimmer/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openStream, streamAddress } from './open-stream.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'
import { at, SAMPLE } from './test-server.ts'

let folder: string
let server: ServerProcess
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dimmer-crash-'))
})
afterAll(async () => {
  await server.end('SIGTERM')
  await rm(folder, { recursive: true, force: true })
})

const PLAN = {
  flag: 'new-pdf-engine',
  environment: 'production',
  variant: 'on',
  unit: 'account',
  stages: [
    { percent: 5, hold: 'PT1H' },
    { percent: 100, hold: 'PT1H' },
  ],
}

it('a server killed in the middle of writes loses no acknowledged change, and its rollout goes on', async () => {
  server = await startServerProcess({ DIMMER_DATA: folder })
  const { id } = await createAdminClient({ url: server.url }).createRollout(SAMPLE.project, PLAN)
  await createAdminClient({ url: server.url }).actOnRollout(SAMPLE.project, id, { action: 'start' })
  const { key } = await createAdminClient({ url: server.url }).createSdkKey(SAMPLE.project, SAMPLE.environment, {
    kind: 'server',
    name: 'crash',
  })

  for (let round = 0; round < 3; round++) {
    const admin = createAdminClient({ url: server.url })
    const acknowledged: { version: number; on: boolean }[] = []
    const writing = (async () => {
      for (let turn = 0; ; turn++) {
        const on = turn % 2 === 0
        acknowledged.push({ on, version: (await admin.switchFlag(at('ai-chatbot'), on)).version })
      }
    })().catch(() => undefined)
    await expect.poll(() => acknowledged.length, { timeout: 10_000, interval: 5 }).toBeGreaterThan(10 + round * 7)
    await server.end('SIGKILL')
    await writing
    server = await startServerProcess({ DIMMER_DATA: folder })

    const after = createAdminClient({ url: server.url })
    const last = acknowledged.at(-1)
    const flag = await after.getFlag(SAMPLE.project, 'ai-chatbot')
    const now = flag.environments.find(({ environment }) => environment === SAMPLE.environment)
    // One more may have been written without its answer having arrived.
    expect([last?.version, (last?.version ?? 0) + 1]).toContain(now?.version)
    if (now?.version === last?.version) expect(now?.on).toBe(last?.on)
    expect((await after.getRollout(SAMPLE.project, id)).state).toMatchObject({ status: 'running', stage: 0 })

    const client = createClient({ url: server.url, sdkKey: key, log: () => undefined })
    expect(await client.ready({ timeoutMs: 5_000 })).toMatchObject({ state: 'live' })
    expect(client.isEnabled('ai-chatbot', { plan: 'free', country: 'US' })).toBe(now?.on)
    await client.close()
  }
})

it('stops cleanly on SIGTERM, its streams first, and says what is wrong with a setting', async () => {
  const { key } = await createAdminClient({ url: server.url }).createSdkKey(SAMPLE.project, SAMPLE.environment, {
    kind: 'browser',
    name: 'stop',
  })
  const page = await openStream(server.url + (await streamAddress(server.url, key)))
  expect(await server.end('SIGTERM')).toBe(0)
  expect(page.text).toMatch(/\nretry: \d+\n\n$/)
  await expect(startServerProcess({ DIMMER_DATA: folder, PORT: 'lots' })).rejects.toThrow(
    /PORT is "lots"; it must be a whole number from 0 to 65535/,
  )
  server = await startServerProcess({ DIMMER_DATA: folder })
})

it('lets nobody in without an account where other machines reach it, and prints the link that makes the first', async () => {
  expect(await server.end('SIGTERM')).toBe(0)
  server = await startServerProcess({ DIMMER_DATA: folder, HOST: '0.0.0.0' })
  const at = `http://127.0.0.1:${new URL(server.url).port}`
  expect((await fetch(`${at}/api/v1/projects`)).status).toBe(401)
  await expect.poll(() => server.output()).toMatch(/\/welcome#[\w-]{32}\n/)
  expect(await server.end('SIGTERM')).toBe(0)
  server = await startServerProcess({ DIMMER_DATA: folder })
})
