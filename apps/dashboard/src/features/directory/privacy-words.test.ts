import type { Erased } from '@dimmer/protocol'
import { expect, it } from 'vitest'
import { declaredWords, erasedParts, eraseSentences, foundNothing, keptLines } from './privacy-words.ts'

const NOTHING: Erased = {
  reference: 'erased-1',
  units: 0,
  unlinked: 0,
  events: 0,
  exposures: 0,
  facts: 0,
  told: 0,
  requests: 0,
  redacted: 0,
  stillNamedIn: [],
}

it('says what becomes of the users of an account', () => {
  const of = (users: boolean, unit = 'account') => eraseSentences({ unit, id: 'acc-1', users }).join(' ')
  expect(of(false)).toContain('Its users stay, without the account.')
  expect(of(true)).toContain('So is everything about its users.')
  expect(of(true, 'user')).not.toContain('its users')
})

it('tells an erasure that found nothing from one that did', () => {
  expect(foundNothing(NOTHING)).toBe(true)
  expect(foundNothing({ ...NOTHING, redacted: 1 })).toBe(false)
  expect(erasedParts({ ...NOTHING, events: 7 })).toContainEqual({ what: 'Events', rows: 7 })
})

it('says from how many an attribute was deleted', () => {
  expect(declaredWords(['email'], 12)).toBe('email was deleted from 12 entries of the directory.')
  expect(declaredWords(['email'], 0)).toBe('Nothing that is stored had email.')
})

it('shows what is kept how long, and what sets it', () => {
  const lines = keptLines({ eventsDays: 90, batchIdsDays: 1, looksDays: null })
  expect(lines.map(({ howLong }) => howLong)).toEqual([
    '90 days',
    '1 day',
    'for ever',
    'until they are erased',
    'for ever',
  ])
  expect(lines[0]?.setting).toBe('DIMMER_KEEP_EVENTS_DAYS')
})
