import { expect, it } from 'vitest'
import { doneWord, whoWords } from './audit-words.ts'

it('says who did what', () => {
  expect(doneWord('roll-back')).toBe('rolled back')
  expect(whoWords({ who: { kind: 'person', id: '1', name: 'Anna' } })).toBe('Anna')
  const key = { kind: 'key', id: '2', name: 'deploy', person: { id: '1', name: 'Anna' } } as const
  expect(whoWords({ who: key })).toBe('deploy (key of Anna)')
})
