import { expect, it } from 'vitest'
import { ticketsWords } from './tickets-words.ts'

it('says what became of every ticket of a file', () => {
  expect(ticketsWords({ taken: 1, unknown: 0, duplicate: 0 })).toBe('1 ticket taken.')
  expect(ticketsWords({ taken: 0, unknown: 2, duplicate: 1204 })).toBe(
    '0 tickets taken, 1,204 were there already, 2 left out: of nobody in the directory.',
  )
})
