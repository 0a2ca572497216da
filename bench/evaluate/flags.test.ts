import { expect, it } from 'vitest'
import { load as loadEngine } from './contenders/dimmer-engine.mjs'
import { load as loadLimit } from './contenders/floor.mjs'
import { expectedShares, flagNames, subjects } from './flags.mjs'

const [limit, engine] = await Promise.all([loadLimit(), loadEngine()])
const answers = ({ ask, contextOf }: typeof limit, flag: (typeof flagNames)[number]): boolean[] =>
  subjects().map(subject => ask[flag](contextOf(subject) as never))

it.each(flagNames)('the hand-written limit of %s gives each subject what the engine gives', flag => {
  expect(answers(limit, flag)).toEqual(answers(engine, flag))
})

it.each(flagNames)('%s is for about as many subjects as the bench expects', flag => {
  const yes = answers(engine, flag).filter(Boolean).length / subjects().length
  const [low, high] = expectedShares[flag]
  expect(yes).toBeGreaterThanOrEqual(low ?? 0)
  expect(yes).toBeLessThanOrEqual(high ?? 1)
})

it('hashes ids of 25 characters', () => {
  for (const { accountId, userId } of subjects()) expect([accountId.length, userId.length]).toEqual([25, 25])
})
