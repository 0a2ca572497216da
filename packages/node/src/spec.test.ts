import { readdirSync, readFileSync } from 'node:fs'
import type { Evaluation, Ruleset } from '@dimmer/engine'
import { describe, expect, it } from 'vitest'
import { connect, startServer } from '../test/harness.ts'

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
})
