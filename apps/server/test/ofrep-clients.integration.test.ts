import { OFREPProvider } from '@openfeature/ofrep-provider'
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider'
import { OpenFeature } from '@openfeature/server-sdk'
import { OpenFeature as WebOpenFeature } from '@openfeature/web-sdk'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { at, SAMPLE, startTestServer, type TestServer } from './test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(async () => {
  await OpenFeature.clearProviders()
  await WebOpenFeature.clearProviders()
  await server.stop()
})

const EARLY = { targetingKey: 'acc-00001', accountId: 'acc-00001' }
const bearer = (key: string): [string, string][] => [['authorization', `Bearer ${key}`]]

it("OpenFeature's provider for servers gets value, variant and reason, and its own error for a flag that isn't there", async () => {
  await OpenFeature.setProviderAndWait(
    new OFREPProvider({ baseUrl: server.url, headers: bearer(await server.newKey()) }),
  )
  const client = OpenFeature.getClient()
  expect(await client.getBooleanDetails('bulk-invoice-api', false, EARLY)).toMatchObject({
    value: true,
    variant: 'on',
    reason: 'TARGETING_MATCH',
    flagMetadata: { flagVersion: expect.any(Number) },
  })
  expect(await client.getBooleanDetails('bulk-invoice-api', true, { accountId: 'acc-00009' })).toMatchObject({
    value: false,
  })
  expect(await client.getBooleanDetails('team/with/slashes', true, EARLY)).toMatchObject({
    value: true,
    errorCode: 'FLAG_NOT_FOUND',
  })
})

it("OpenFeature's provider for browsers has all values after one request, and others for another context", async () => {
  await WebOpenFeature.setContext(EARLY)
  const key = await server.newKey(SAMPLE.environment, 'browser')
  await WebOpenFeature.setProviderAndWait(
    Object.assign(new OFREPWebProvider({ baseUrl: server.url, headers: bearer(key), pollInterval: -1 }), { hooks: [] }),
  )
  const client = WebOpenFeature.getClient()
  expect(client.getBooleanValue('bulk-invoice-api', false)).toBe(true)
  await WebOpenFeature.setContext({ targetingKey: 'acc-00009', accountId: 'acc-00009' })
  expect(client.getBooleanValue('bulk-invoice-api', true)).toBe(false)
})

it('a bulk answer says to browsers where they hear of changes, and there one says that there is something to ask for', async () => {
  const key = await server.newKey(SAMPLE.environment, 'browser')
  const bulk = (headers: Record<string, string>) =>
    fetch(`${server.url}/ofrep/v1/evaluate/flags`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ context: EARLY }),
    })
  const { eventStreams } = await (await bulk({ authorization: `Bearer ${key}` })).json()
  expect(eventStreams).toMatchObject([{ type: 'sse', inactivityDelaySec: 120 }])
  const forServers = await (await bulk({ authorization: `Bearer ${await server.newKey()}` })).json()
  expect(forServers.eventStreams).toBeUndefined()

  const address = new URL(eventStreams[0].endpoint.requestUri, server.url)
  const { body, headers } = await fetch(address)
  expect(headers.get('access-control-allow-origin')).toBe('*')
  const { version } = await server.admin.switchFlag(at('maintenance-mode'), true)
  let text = ''
  for await (const chunk of body ?? []) {
    text += Buffer.from(chunk).toString()
    if (text.includes('refetchEvaluation')) break
  }
  expect(text).toContain(`data: {"type":"refetchEvaluation","version":${version}}`)
})
