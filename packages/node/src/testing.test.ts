import { expect, it } from 'vitest'
import { booleanFlag, rulesetOf } from '../test/rulesets.ts'
import { createTestFlags } from './testing.ts'

const ANNA = { accountId: 'acc-1', plan: 'enterprise' }
const BEN = { accountId: 'acc-2', plan: 'free' }

it('serves what the test says, and the fallback for what it leaves unsaid', () => {
  const flags = createTestFlags({ on: true, colour: 'green', limits: { max: 3 } })
  expect(flags.isEnabled('on', ANNA)).toBe(true)
  expect(flags.value('colour', ANNA, 'blue')).toBe('green')
  expect(flags.value('limits', ANNA, { max: 1 })).toEqual({ max: 3 })
  expect(flags.isEnabled('unsaid', ANNA)).toBe(false)
  expect(flags.details('unsaid', ANNA, 5)).toMatchObject({ value: 5, errorCode: 'flag-not-found' })
  expect(flags.details('colour', ANNA, 5)).toMatchObject({ value: 5, errorCode: 'type-mismatch' })
})

it('can serve something else to some, the newest word first', () => {
  const flags = createTestFlags({ on: false })
  flags.set('on', true, { plan: 'enterprise' })
  flags.set('on', false, { accountId: 'acc-1' })
  flags.set('colour', 'red', { accountId: 'acc-2' })
  expect([ANNA, BEN, { plan: 'enterprise' }].map(context => flags.isEnabled('on', context))).toEqual([
    false,
    false,
    true,
  ])
  expect([ANNA, BEN].map(context => flags.value('colour', context, 'blue'))).toEqual(['blue', 'red'])
})

it('puts back what was set for a while, also after an error, also when it takes long', async () => {
  const flags = createTestFlags({ on: false, colour: 'green' })
  expect(flags.with({ on: true }, () => flags.isEnabled('on', ANNA))).toBe(true)
  expect(flags.isEnabled('on', ANNA)).toBe(false)
  const fails = (): never => {
    throw new Error('no')
  }
  expect(() => flags.with({ on: true }, fails)).toThrow('no')
  expect(flags.isEnabled('on', ANNA)).toBe(false)
  const later = flags.with({ on: true }, async () => {
    await Promise.resolve()
    return flags.isEnabled('on', ANNA)
  })
  expect(flags.isEnabled('on', ANNA)).toBe(true)
  expect(await later).toBe(true)
  expect(flags.isEnabled('on', ANNA)).toBe(false)
})

it('keeps what the application did, until it is reset', () => {
  const flags = createTestFlags({ on: true })
  flags.forContext(ANNA).isEnabled('on')
  flags.track('opened', ANNA, { ms: 3 })
  flags.forRequest(BEN).track('closed')
  flags.identify(ANNA)
  expect(flags.exposed).toEqual([{ flag: 'on', value: true, context: ANNA }])
  expect(flags.tracked).toEqual([
    { name: 'opened', context: ANNA, options: { ms: 3 } },
    { name: 'closed', context: BEN, options: {} },
  ])
  expect(flags.identified).toEqual([ANNA])
  flags.set('on', false)
  flags.reset()
  expect([flags.exposed, flags.tracked, flags.identified]).toEqual([[], [], []])
  expect(flags.isEnabled('on', ANNA)).toBe(true)
})

it('tells listeners of changes like the real one', () => {
  const flags = createTestFlags({ on: true })
  const changes: unknown[] = []
  const stop = flags.on('change', ({ flags: keys }) => changes.push(keys))
  flags.set('on', false)
  stop()
  flags.set('on', true)
  expect(changes).toEqual([['on']])
})

it('starts from a real ruleset, and refuses what is none', () => {
  const ruleset = rulesetOf(5, [
    booleanFlag('eu', {
      rules: [{ id: 'r', when: { attribute: 'country', op: 'in', value: ['FR', 'ES'] }, serve: { variant: 'on' } }],
      fallthrough: { variant: 'off' },
    }),
  ])
  const flags = createTestFlags({ other: true }, { ruleset })
  expect([flags.isEnabled('eu', { country: 'FR' }), flags.isEnabled('eu', { country: 'DE' })]).toEqual([true, false])
  expect(flags.isEnabled('other', {})).toBe(true)
  expect(() => createTestFlags({}, { ruleset: { flags: 3 } })).toThrow(/"ruleset"/)
})

it('is ready at once and needs no closing', async () => {
  const flags = createTestFlags()
  expect(await flags.ready()).toMatchObject({ state: 'live' })
  await flags.flush()
  await flags.close()
  expect(flags.status()).toMatchObject({ state: 'live', waitingEvents: 0 })
})
