import { once } from 'node:events'
import { connect as dial } from 'node:net'
import { createClient } from '@dimmer/node'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { at, SAMPLE, startTestServer, type TestServer } from './test-server.ts'

let server: TestServer
let key: string
beforeAll(async () => {
  server = await startTestServer()
  key = await server.newKey()
})
afterAll(() => server.stop())

const connected = async () =>
  (await server.admin.listInstances(SAMPLE.project, SAMPLE.environment))
    .filter(one => one.connected)
    .map(({ instanceId }) => instanceId)
    .sort()

it('with a ruleset of 10 MB changes arrive in their order; who does not read is dropped, and others notice nothing', async () => {
  const ids = Array.from({ length: 300_000 }, (_, index) => `account-with-a-long-id-${index}`)
  const upload = (name: string, list: string[]) =>
    server.admin.putSegment(SAMPLE.project, name, { name, list: { unit: 'account', ids: list } })
  await upload('a', ids.slice(0, 200_000))
  await upload('b', ids.slice(100_000))
  const client = createClient({ url: server.url, sdkKey: key, instanceId: 'reads', log: () => undefined })
  await expect.poll(() => client.status().state, { timeout: 15_000 }).toBe('live')

  const { hostname, port } = new URL(server.url)
  const socket = dial(Number(port), hostname)
  await once(socket, 'connect')
  socket.pause()
  socket.write(
    `GET /sdk/v1/stream HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${key}\r\nx-dimmer-instance: deaf\r\n\r\n`,
  )
  await expect.poll(connected, { timeout: 5_000 }).toEqual(['deaf', 'reads'])
  const seen: number[] = []
  client.on('change', ({ version }) => seen.push(version))
  const wanted: number[] = []
  for (let turn = 0; turn < 3; turn++) {
    await upload('a', ids.slice(turn, 200_000))
    wanted.push((await server.admin.switchFlag(at('maintenance-mode'), turn % 2 === 0)).version)
  }
  await expect.poll(connected, { timeout: 5_000 }).toEqual(['reads'])
  await expect.poll(() => client.status(), { timeout: 15_000 }).toMatchObject({ state: 'live', version: wanted.at(-1) })
  expect(seen).toEqual(seen.toSorted((a, b) => a - b))
  expect(wanted.every(version => seen.includes(version))).toBe(true)
  socket.destroy()
  await client.close()
}, 60_000)
