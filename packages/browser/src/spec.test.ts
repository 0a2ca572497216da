import { readdirSync, readFileSync } from 'node:fs'
import { type Client, OpenFeature } from '@openfeature/web-sdk'
import { describe, expect, it, onTestFinished } from 'vitest'
import { EvaluationServer } from '../test/evaluation-server.ts'
import { openPage } from '../test/page.ts'
import { DimmerProvider } from './openfeature.ts'

interface SpecCase {
  readonly name: string
  readonly flag: string
  readonly context: unknown
  readonly expect: { readonly value?: unknown }
}

const folder = new URL('../../../spec/', import.meta.url)
const files = readdirSync(folder)
  .filter(name => name.endsWith('.json'))
  .map((name): { name: string; cases: readonly SpecCase[] } => JSON.parse(readFileSync(new URL(name, folder), 'utf8')))
  .filter(file => 'ruleset' in file && 'cases' in file)

type Context = Readonly<Record<string, never>>
/** What the server takes: it refuses other things than objects, and the name of which JavaScript makes something else. */
const isContext = (value: unknown): value is Context =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !JSON.stringify(value).includes('"__proto__":')

/** A server that gives each context what the cases say of it, if it arrives as it is. */
function serverOf(cases: readonly SpecCase[]): EvaluationServer {
  const flags = new Map<string, Record<string, unknown>>()
  for (const { context, flag, expect: expected } of cases) {
    const key = JSON.stringify(context)
    flags.set(key, { ...flags.get(key), [flag]: expected.value })
  }
  const server = new EvaluationServer()
  server.evaluate = context => flags.get(JSON.stringify(context)) ?? {}
  return server
}

/** What OpenFeature's client gives, asked for the type of the value that is expected; undefined: there is no such flag. */
function openFeatureValue(client: Client, flag: string, expected: unknown): unknown {
  if (typeof expected === 'boolean') return client.getBooleanValue(flag, !expected)
  if (typeof expected === 'string') return client.getStringValue(flag, `not ${expected}`)
  if (typeof expected === 'number') return client.getNumberValue(flag, expected + 1)
  const { value, errorCode } = client.getObjectDetails(flag, expected === null ? null : { not: 'this' })
  return errorCode === 'FLAG_NOT_FOUND' ? undefined : value
}

/*
 * A page is given values and evaluates nothing: what there is to get wrong is the way of the context to the server, and of
 * the value back. That the server gives these values is `ofrep-spec.test.ts` there.
 */
describe.each(files)('$name', file => {
  // At another time the same context has other values; the first case of each is enough.
  const seen = new Set<string>()
  const cases = file.cases.filter(({ context, flag }) => {
    const key = JSON.stringify([context, flag])
    return isContext(context) && !seen.has(key) && seen.add(key)
  })

  it(`gives through the client what ${cases.length} cases say`, async () => {
    const client = openPage(serverOf(cases))
    for (const { name, flag, context, expect: expected } of cases) {
      if (isContext(context)) await client.setContext(context)
      expect([name, client.value(flag, null)]).toEqual([name, expected.value ?? null])
      expect([name, client.isEnabled(flag)]).toEqual([name, expected.value === true])
    }
  })

  it(`gives through OpenFeature what ${cases.length} cases say`, async () => {
    onTestFinished(() => OpenFeature.clearProviders())
    // The attribute keeps its name.
    const provider = new DimmerProvider(openPage(serverOf(cases)), { targetingKeyIs: 'targetingKey' })
    await OpenFeature.setProviderAndWait('spec', provider)
    const client = OpenFeature.getClient('spec')
    for (const { name, flag, context, expect: expected } of cases) {
      if (isContext(context)) await OpenFeature.setContext('spec', context)
      expect([name, openFeatureValue(client, flag, expected.value)]).toEqual([name, expected.value])
    }
  })
})
