import { expect, it } from 'vitest'
import { caseNames, cases } from './cases.mjs'
import { load as loadEngine } from './contenders/dimmer-engine.mjs'
import { load as loadLimit } from './contenders/floor.mjs'
import { subjects } from './subjects.mjs'

const names = caseNames.filter(name => name !== 'million')
const [limit, engine] = await Promise.all([loadLimit(names), loadEngine(names)])
const answers = ({ ask, contextOf }: typeof limit, name: (typeof names)[number]): unknown[] =>
  subjects().map(subject => ask[name]?.(contextOf(subject) as never))

it.each(names)('the hand-written limit of %s gives each subject what the engine gives', name => {
  expect(answers(limit, name)).toEqual(answers(engine, name))
})

it.each(names)('%s is for about as many subjects as the bench expects', name => {
  const yes = answers(engine, name).filter(answer => answer === true).length / subjects().length
  const [low, high] = cases[name].yes
  expect(yes).toBeGreaterThanOrEqual(low)
  expect(yes).toBeLessThanOrEqual(high)
})

it('hashes ids of 25 characters', () => {
  for (const { accountId, userId } of subjects()) expect([accountId.length, userId.length]).toEqual([25, 25])
})
