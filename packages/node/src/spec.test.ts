import { readdirSync, readFileSync } from 'node:fs'
import { type Evaluation, openFeatureReason, type Ruleset } from '@dimmer/engine'
import { OpenFeature } from '@openfeature/server-sdk'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connect, startServer } from '../test/harness.ts'
import { DimmerProvider } from './openfeature.ts'

interface SpecFile {
  readonly name: string
  readonly ruleset: Ruleset
  readonly cases: readonly {
    readonly name: string
    readonly flag: string
    readonly context: unknown
    readonly now: string
    readonly expect: Pick<Evaluation, 'reason'> & Partial<Evaluation>
  }[]
}

const folder = new URL('../../../spec/', import.meta.url)
const files = readdirSync(folder)
  .filter(name => name.endsWith('.json'))
  .map((name): SpecFile => JSON.parse(readFileSync(new URL(name, folder), 'utf8')))
  .filter(file => 'ruleset' in file && 'cases' in file)

it('finds the specification', () => {
  expect(files.length).toBeGreaterThanOrEqual(5)
})

describe.each(files)('$name', ({ ruleset, cases }) => {
  it(`gives through the client what the ${cases.length} cases say`, async () => {
    let now = 0
    const server = await startServer(ruleset)
    const { client } = connect(server.url, { now: () => now })
    await client.ready()
    for (const { name, flag, context, now: at, expect: expected } of cases) {
      now = Date.parse(at)
      const { reason, value, variant, unit, heldOutBy, missingUnit } = client.details(flag, context as never, null)
      expect({ name, reason, value, variant, unit, heldOutBy, missingUnit }).toEqual({
        name,
        value: null,
        variant: undefined,
        unit: undefined,
        heldOutBy: undefined,
        missingUnit: undefined,
        ...expected,
      })
      expect(client.isEnabled(flag, context as never)).toBe(expected.value === true)
    }
    await client.flush()
    expect(server.problems).toEqual([])
  })

  it('gives through OpenFeature what they say, with its reasons, error codes and metadata', async () => {
    let now = 0
    const server = await startServer(ruleset)
    const { client } = connect(server.url, { now: () => now })
    onTestFinished(() => OpenFeature.clearProviders())
    // The attribute keeps its name.
    await OpenFeature.setProviderAndWait('spec', new DimmerProvider(client, { targetingKeyIs: 'targetingKey' }))
    const openFeature = OpenFeature.getClient('spec')
    for (const { name, flag, context, now: at, expect: expected } of cases) {
      // OpenFeature makes an object of every context.
      if (typeof context !== 'object' || context === null || Array.isArray(context)) continue
      now = Date.parse(at)
      const details = await openFeature.getObjectDetails<null>(flag, null, context as never)
      const { unit, heldOutBy, missingUnit, reason } = expected
      const { flagVersion: _, ...metadata } = details.flagMetadata
      expect({ name, ...details, flagMetadata: metadata }).toMatchObject({
        name,
        value: expected.value ?? null,
        ...(expected.variant !== undefined && { variant: expected.variant }),
        ...openFeatureReason({ unit, heldOutBy, reason }),
      })
      expect([name, metadata]).toEqual([
        name,
        {
          ...(unit !== undefined && { unit }),
          ...(heldOutBy !== undefined && { heldOutBy }),
          ...(missingUnit !== undefined && { missingUnit }),
          ...(reason.kind === 'rule' && { ruleId: reason.ruleId, ruleIndex: reason.index }),
          ...(reason.kind === 'prerequisite-failed' && { prerequisite: reason.flagKey }),
        },
      ])
    }
  })
})
