import { compile, explain } from '@dimmer/engine'
import { describe, expect, it } from 'vitest'
import { SAMPLE_FLAGS, sampleConfig } from '../../../../test/sample-flags.ts'
import { exampleAttributes, readContext } from './explain-context.ts'
import { readExplanation } from './read-explanation.ts'

function explained(flag: string, context: Readonly<Record<string, unknown>>): unknown {
  const flags = SAMPLE_FLAGS.map(({ key, type, variants, salt, ...view }) => {
    const { on, offVariant, prerequisites, rules, fallthrough, version } = sampleConfig(
      { key, type, variants, salt, ...view },
      'production',
    )
    return [key, { key, type, variants, salt, version, on, offVariant, prerequisites, rules, fallthrough }] as const
  })
  const ruleset = {
    schema: 1,
    project: 'invoicing',
    environment: 'production',
    version: 7,
    flags: Object.fromEntries(flags),
    segments: {},
    units: {},
  } as const
  // As it arrives: through JSON.
  return JSON.parse(JSON.stringify(explain(compile(ruleset), flag, context, 0)))
}

describe('readExplanation', () => {
  it('reads what the engine says, step by step, with the steps of prerequisites inside', () => {
    const shown = readExplanation(explained('ai-chatbot', { userId: 'u-1', plan: 'free', country: 'DE' }))
    expect(shown?.steps[0]).toMatchObject({ fitted: expect.any(Boolean) })
    expect(shown?.steps[0]?.inner.length).toBeGreaterThan(0)
    expect(shown?.steps[0]?.sentence).toContain('prerequisite redesigned-dashboard')
  })

  it('reads what is served', () => {
    const shown = readExplanation(explained('bulk-invoice-api', { accountId: 'acc-00017' }))
    expect(shown).toMatchObject({ variant: 'on', value: 'true' })
    expect(shown?.steps.at(-1)).toMatchObject({ fitted: true })
  })

  it('takes nothing for an explanation that is none', () => {
    expect(readExplanation(null)).toBeUndefined()
    expect(readExplanation({ steps: [] })).toBeUndefined()
    expect(readExplanation({ evaluation: {}, steps: [7, {}] })?.steps).toEqual([])
  })
})

describe('readContext', () => {
  it('puts ids and attributes together and leaves out what is empty', () => {
    const read = readContext({ accountId: ' acc-1 ', userId: '', attributes: '{ "plan": "free" }' })
    expect(read).toEqual({ ok: true, context: { plan: 'free', accountId: 'acc-1' } })
  })

  it.each(['[1]', '7', '{'])('refuses %s as attributes', attributes => {
    expect(readContext({ accountId: '', userId: '', attributes }).ok).toBe(false)
  })
})

describe('exampleAttributes', () => {
  it('offers the attributes that the rules ask for, with values that fit', () => {
    const flag = SAMPLE_FLAGS.find(one => one.key === 'ai-chatbot')
    if (flag === undefined) throw new Error('there is a sample flag ai-chatbot')
    expect(exampleAttributes(sampleConfig(flag, 'production'))).toBe('{ "plan": "free", "country": "US" }')
  })
})
