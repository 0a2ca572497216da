import { OpenFeature, ProviderEvents, ProviderStatus, StandardResolutionReasons } from '@openfeature/server-sdk'
import { afterEach, expect, it } from 'vitest'
import { connect, connectLive, startServer, until } from '../test/harness.ts'
import type { ManualPlatform } from '../test/manual-platform.ts'
import type { RulesetServer } from '../test/ruleset-server.ts'
import { booleanFlag, rulesetOf, valueFlag } from '../test/rulesets.ts'
import type { ClientOptions } from './index.ts'
import { DimmerProvider, type DimmerProviderOptions } from './openfeature.ts'

const forAccount = (percent: number) =>
  booleanFlag('shared', {
    rules: [{ id: 'r1', share: { unit: 'user', percent }, serve: { variant: 'on' } }],
    fallthrough: { variant: 'off' },
  })
const flags = [
  booleanFlag('on'),
  booleanFlag('off', { on: false }),
  booleanFlag('french', {
    rules: [{ id: 'r2', when: { attribute: 'country', op: 'equals', value: 'FR' }, serve: { variant: 'on' } }],
    fallthrough: { variant: 'off' },
  }),
  forAccount(100),
  valueFlag('colour', 'green', 'string'),
  valueFlag('limit', 10, 'number'),
  valueFlag('limits', { max: 3, of: ['a'] }),
  booleanFlag('broken', { fallthrough: { variant: 'nowhere' } }),
  booleanFlag('needs-off', { prerequisites: [{ flag: 'off', variants: ['on'] }] }),
  booleanFlag('new-year', {
    rules: [
      { id: 'r3', when: { attribute: 'since', op: 'before', value: '2026-01-01T00:00:00Z' }, serve: { variant: 'on' } },
    ],
    fallthrough: { variant: 'off' },
  }),
]

let domains = 0

interface Options extends DimmerProviderOptions {
  readonly client?: Partial<ClientOptions>
}

/** OpenFeature's own client over our provider, over HTTP. */
async function open(server: RulesetServer, { client: clientOptions, ...options }: Options = {}) {
  const rig = connect(server.url, clientOptions)
  platforms.push(rig.platform)
  const provider = new DimmerProvider(rig.client, options)
  const domain = `domain-${++domains}`
  await OpenFeature.setProviderAndWait(domain, provider)
  return { ...rig, provider, domain, features: OpenFeature.getClient(domain) }
}

const platforms: ManualPlatform[] = []

/** Closes everything; what waits for a server that is away needs time to give up. */
async function clear(): Promise<void> {
  let cleared = false
  const clearing = OpenFeature.clearProviders().then(() => {
    cleared = true
  })
  await until(() => {
    for (const platform of platforms) platform.advance(1_000)
    return cleared
  }, 'cleared')
  await clearing
  platforms.length = 0
}

afterEach(async () => {
  await clear()
  OpenFeature.clearHooks()
  OpenFeature.setContext({})
})

it('serves values of every type', async () => {
  const { features } = await open(await startServer(rulesetOf(1, flags)))
  expect(await features.getBooleanValue('on', false)).toBe(true)
  expect(await features.getStringValue('colour', 'blue')).toBe('green')
  expect(await features.getNumberValue('limit', 1)).toBe(10)
  expect(await features.getObjectValue('limits', {})).toEqual({ max: 3, of: ['a'] })
  expect(features.metadata.providerMetadata.name).toBe('dimmer')
})

it('says why, with variant and metadata', async () => {
  const { features } = await open(await startServer(rulesetOf(1, flags)))
  const details = (flag: string, context = {}) => features.getBooleanDetails(flag, false, context)
  expect(await details('shared', { targetingKey: 'u-1' })).toMatchObject({
    value: true,
    variant: 'on',
    reason: StandardResolutionReasons.SPLIT,
    flagMetadata: { flagVersion: 1, unit: 'user', ruleId: 'r1', ruleIndex: 0 },
  })
  expect(await details('shared')).toMatchObject({
    value: false,
    reason: 'DEFAULT',
    flagMetadata: { missingUnit: 'user' },
  })
  expect(await details('french', { country: 'FR' })).toMatchObject({ value: true, reason: 'TARGETING_MATCH' })
  expect(await details('on')).toMatchObject({ value: true, reason: 'DEFAULT' })
  expect(await details('off')).toMatchObject({ value: false, reason: 'DISABLED' })
  expect(await details('needs-off')).toMatchObject({ reason: 'DISABLED', flagMetadata: { prerequisite: 'off' } })
})

it('gives the default with the error code of what is wrong', async () => {
  const { features } = await open(await startServer(rulesetOf(1, flags)))
  expect(await features.getBooleanDetails('unknown', true)).toMatchObject({
    value: true,
    reason: 'ERROR',
    errorCode: 'FLAG_NOT_FOUND',
    errorMessage: 'flag "unknown": there is no such flag',
  })
  expect(await features.getNumberDetails('colour', 7)).toMatchObject({ value: 7, errorCode: 'TYPE_MISMATCH' })
  expect(await features.getObjectDetails('limit', { a: 1 })).toMatchObject({ errorCode: 'TYPE_MISMATCH' })
  expect(await features.getBooleanDetails('broken', true)).toMatchObject({ value: true, errorCode: 'PARSE_ERROR' })
})

it('merges contexts, and takes the targeting key for the unit that it stands for', async () => {
  const server = await startServer(rulesetOf(1, [forAccount(100), ...flags.slice(0, 3)]))
  const { features, domain, client } = await open(server)
  OpenFeature.setContext({ country: 'FR' })
  const withContext = OpenFeature.getClient(domain, { targetingKey: 'u-client' })
  expect(await withContext.getBooleanValue('french', false, { plan: 'free' })).toBe(true)
  await withContext.getBooleanValue('shared', false, { targetingKey: 'u-call' })
  await features.getBooleanValue('shared', false, { targetingKey: 'u-key', userId: 'u-own' })
  await client.flush()
  expect(server.batches.flatMap(batch => batch.firstExposures.map(({ unitId }) => unitId))).toEqual(['u-call', 'u-own'])
  const byAccount = await open(server, { targetingKeyIs: 'accountId' })
  expect(await byAccount.features.getBooleanDetails('shared', false, { targetingKey: 'acc-1' })).toMatchObject({
    flagMetadata: { missingUnit: 'user' },
  })
})

it('takes dates in the context', async () => {
  const { features } = await open(await startServer(rulesetOf(1, flags)))
  expect(await features.getBooleanValue('new-year', false, { since: new Date('2025-05-05') })).toBe(true)
  expect(await features.getBooleanValue('new-year', false, { since: new Date('2026-05-05') })).toBe(false)
})

it('runs the hooks of OpenFeature around it', async () => {
  const { features } = await open(await startServer(rulesetOf(1, flags)))
  const said: string[] = []
  features.addHooks({
    before: () => ({ country: 'FR' }),
    after: (_context, { variant }) => void said.push(`after ${variant}`),
    error: (_context, error) => void said.push(`error ${String(error)}`),
    finally: () => void said.push('finally'),
  })
  expect(await features.getBooleanValue('french', false)).toBe(true)
  await features.getBooleanValue('unknown', false)
  expect(said).toEqual([
    'after on',
    'finally',
    'error FlagNotFoundError: flag "unknown": there is no such flag',
    'finally',
  ])
})

it('tells of changes with their flags, of stale data, and of being back', async () => {
  const server = await startServer(rulesetOf(1, [booleanFlag('a'), booleanFlag('b')]))
  const { features, platform, client } = await open(server)
  const said: unknown[] = []
  features.addHandler(ProviderEvents.ConfigurationChanged, event => void said.push(event?.flagsChanged))
  features.addHandler(ProviderEvents.Stale, () => void said.push('stale'))
  await until(() => client.status().state === 'live', 'live')
  server.publish(rulesetOf(2, [booleanFlag('a'), booleanFlag('b', { version: 2, on: false })]))
  await until(() => said.length === 1, 'changed')
  expect(said).toEqual([['b']])
  expect(await features.getBooleanValue('b', true)).toBe(false)
  server.endStreams()
  await until(() => said.length === 2, 'stale')
  expect([said[1], features.providerStatus]).toEqual(['stale', ProviderStatus.STALE])
  features.addHandler(ProviderEvents.Ready, () => void said.push('ready'))
  await until(() => {
    platform.advance(500)
    return said.includes('ready')
  }, 'ready')
  expect(features.providerStatus).toBe(ProviderStatus.READY)
})

it('is ready with a bootstrap when the server is away, but stale', async () => {
  const server = await startServer(rulesetOf(1, flags))
  await server.stop()
  const { features } = await open(server, { client: { bootstrap: rulesetOf(1, flags) } })
  expect(await features.getBooleanValue('on', false)).toBe(true)
  await until(() => features.providerStatus === ProviderStatus.STALE, 'stale')
})

it('is not ready without a ruleset, serves defaults, and gets ready when one comes', async () => {
  const server = await startServer(rulesetOf(1, flags))
  await server.stop()
  const rig = connect(server.url)
  platforms.push(rig.platform)
  await until(() => rig.client.status().state === 'offline', 'offline')
  const opening = OpenFeature.setProviderAndWait('late', new DimmerProvider(rig.client, { readyTimeoutMs: 100 }))
  const failed = expect(opening).rejects.toThrow(/ECONNREFUSED/)
  rig.platform.advance(100)
  await failed
  const features = OpenFeature.getClient('late')
  expect(await features.getBooleanDetails('on', false)).toMatchObject({ value: false, reason: 'ERROR' })
  await server.listen()
  await until(() => {
    rig.platform.advance(1_000)
    return features.providerStatus === ProviderStatus.READY
  }, 'ready')
  expect(await features.getBooleanValue('on', false)).toBe(true)
})

it('is fatal when the key was refused', async () => {
  const server = await startServer(rulesetOf(1, flags))
  const rig = connect(server.url, { sdkKey: 'dmr_server_wrong' })
  platforms.push(rig.platform)
  await expect(OpenFeature.setProviderAndWait('wrong', new DimmerProvider(rig.client))).rejects.toThrow(/refused/)
  expect(OpenFeature.getClient('wrong').providerStatus).toBe(ProviderStatus.FATAL)
})

it('sends what is tracked', async () => {
  const server = await startServer(rulesetOf(1, flags))
  const { features, client } = await open(server)
  features.track(
    'pdf.rendered',
    { targetingKey: 'u-1', accountId: 'acc-1' },
    { value: 3, ok: false, ms: 12, other: 'x' },
  )
  features.track('opened', { targetingKey: 'u-1' })
  await client.flush()
  expect(server.batches.flatMap(batch => batch.tracks)).toMatchObject([
    { name: 'pdf.rendered', units: { user: 'u-1', account: 'acc-1' }, value: 3, ok: false, ms: 12 },
    { name: 'opened', units: { user: 'u-1' } },
  ])
})

it('closes the client with OpenFeature, with what waits sent, unless told otherwise', async () => {
  const server = await startServer(rulesetOf(1, flags))
  const { features, client } = await open(server)
  const kept = await connectLive(server)
  await OpenFeature.setProviderAndWait('kept', new DimmerProvider(kept.client, { closeClient: false }))
  await features.getBooleanValue('on', false)
  await OpenFeature.clearProviders()
  await until(() => client.status().state === 'offline', 'closed')
  expect(server.batches.flatMap(batch => batch.exposures)).toMatchObject([{ flag: 'on', count: 1 }])
  expect(kept.client.status().state).toBe('live')
})
