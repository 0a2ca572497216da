import { OpenFeature, ProviderEvents, ProviderStatus } from '@openfeature/web-sdk'
import { afterEach, expect, it, vi } from 'vitest'
import { EvaluationServer } from '../test/evaluation-server.ts'
import { openPage } from '../test/page.ts'
import { DimmerProvider } from './openfeature.ts'

afterEach(async () => {
  await OpenFeature.clearProviders()
  await OpenFeature.clearContexts()
})

async function open(server: EvaluationServer) {
  const client = openPage(server)
  await OpenFeature.setProviderAndWait(new DimmerProvider(client))
  return { client, features: OpenFeature.getClient() }
}

it('serves values of every type, and says why', async () => {
  const { features } = await open(new EvaluationServer({ on: true, colour: 'green', limit: 3, limits: { max: 3 } }))
  expect(features.getBooleanDetails('on', false)).toMatchObject({
    value: true,
    variant: 'true',
    reason: 'TARGETING_MATCH',
    flagMetadata: { version: 1 },
  })
  expect(features.getStringValue('colour', 'blue')).toBe('green')
  expect(features.getNumberValue('limit', 1)).toBe(3)
  expect(features.getObjectValue('limits', {})).toEqual({ max: 3 })
  expect(features.getNumberDetails('colour', 7)).toMatchObject({ value: 7, errorCode: 'TYPE_MISMATCH' })
  expect(features.getBooleanDetails('unknown', true)).toMatchObject({ value: true, errorCode: 'FLAG_NOT_FOUND' })
})

it('asks for the context of OpenFeature, and keeps the former values until it has the new ones', async () => {
  const server = new EvaluationServer()
  server.evaluate = context => ({ who: context.userId ?? 'nobody' })
  await OpenFeature.setContext({ targetingKey: 'u-1', plan: 'free' })
  const { features } = await open(server)
  expect(features.getStringValue('who', '')).toBe('u-1')
  expect(server.asked.at(-1)?.context).toEqual({ targetingKey: 'u-1', userId: 'u-1', plan: 'free' })
  server.held = true
  const changing = OpenFeature.setContext({ targetingKey: 'u-2', userId: 'own' })
  await vi.waitFor(() => expect(features.providerStatus).toBe(ProviderStatus.RECONCILING))
  expect(features.getStringValue('who', '')).toBe('u-1')
  server.asked.at(-1)?.answer()
  await changing
  expect(features.getStringValue('who', '')).toBe('own')
})

it("keeps the client's own context when OpenFeature has none", async () => {
  const server = new EvaluationServer({ on: true })
  await open(server)
  expect(server.asked.map(({ context }) => context)).toEqual([{ accountId: 'acc-1' }])
})

it('tells of changes with their flags, of stale values, and of being back', async () => {
  const server = new EvaluationServer({ a: 1, b: 1 })
  const { features } = await open(server)
  const said: unknown[] = []
  features.addHandler(ProviderEvents.ConfigurationChanged, event => void said.push(event?.flagsChanged))
  features.addHandler(ProviderEvents.Stale, () => void said.push('stale'))
  server.publish({ a: 1, b: 2 })
  await vi.waitFor(() => expect(said).toEqual([['b']]))
  server.stream.break()
  expect([said.at(-1), features.providerStatus]).toEqual(['stale', ProviderStatus.STALE])
  server.stream.open()
  await vi.waitFor(() => expect(features.providerStatus).toBe(ProviderStatus.READY))
})

it('is not ready without values, serves defaults, and gets ready when they come', async () => {
  const server = new EvaluationServer({ on: true })
  server.status = 503
  const client = openPage(server)
  await expect(OpenFeature.setProviderAndWait(new DimmerProvider(client))).rejects.toThrow('the server gave no values')
  const features = OpenFeature.getClient()
  expect(features.getBooleanDetails('on', false)).toMatchObject({ value: false, errorCode: 'PROVIDER_NOT_READY' })
  server.status = undefined
  void client.setContext({ accountId: 'acc-2' })
  await vi.waitFor(() => expect(features.providerStatus).toBe(ProviderStatus.READY))
  expect(features.getBooleanValue('on', false)).toBe(true)
})

it('sends what is tracked, and closes the client', async () => {
  const server = new EvaluationServer({ on: true })
  const { features } = await open(server)
  features.track('opened', { value: 3, other: 'x' })
  await OpenFeature.clearProviders()
  await vi.waitFor(() => expect(server.batches.length).toBe(1))
  expect(server.batches[0]?.tracks).toMatchObject([{ name: 'opened', value: 3, units: { account: 'acc-1' } }])
  expect(server.stream.readyState).toBe(2)
})
