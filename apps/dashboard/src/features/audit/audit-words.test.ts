import { expect, it } from 'vitest'
import { doneWord, valueWords, whoWords } from './audit-words.ts'

it('says who did what', () => {
  expect(doneWord('roll-back')).toBe('rolled back')
  expect(whoWords({ who: { kind: 'person', id: '1', name: 'Anna' } })).toBe('Anna')
  const key = { kind: 'key', id: '2', name: 'deploy', person: { id: '1', name: 'Anna' } } as const
  expect(whoWords({ who: key })).toBe('deploy (key of Anna)')
})

it('shows any value in one line', () => {
  expect(['a', '', 5, null, { a: [1] }].map(valueWords)).toEqual(['a', '(empty)', '5', 'null', '{"a":[1]}'])
})
