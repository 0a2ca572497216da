import { type ConnectionHealth, createConnectionSchema } from '@dimmer/protocol'
import { expect, it } from 'vitest'
import { connectionOf, emptyForm, missingIn, withKind } from './connection-form.ts'
import { fullAddress, passedWords, standingOf } from './connection-words.ts'
import { KIND_ORDER, KINDS } from './kinds.ts'

const QUIET: ConnectionHealth = { passed: 0, refused: 0, lastPassedAt: null, lastProblemAt: null, lastProblem: null }
const MORNING = '2026-03-02T09:00:00.000Z'
const NOON = '2026-03-02T12:00:00.000Z'

const health = (parts: Partial<ConnectionHealth>) => ({ health: { ...QUIET, ...parts } })

it('judges a connection by what happened last', () => {
  expect(standingOf(health({})).word).toBe('nothing yet')
  expect(standingOf(health({ lastPassedAt: NOON })).tone).toBe('good')
  expect(standingOf(health({ lastProblemAt: NOON })).tone).toBe('bad')
  expect(standingOf(health({ lastPassedAt: MORNING, lastProblemAt: NOON })).tone).toBe('bad')
  expect(standingOf(health({ lastPassedAt: NOON, lastProblemAt: MORNING })).word).toBe('works again')
})

it('counts what passed and what did not', () => {
  expect(passedWords({ kind: 'tickets', ...health({ passed: 1 }) })).toBe('1 ticket taken')
  expect(passedWords({ kind: 'mixpanel', ...health({ passed: 1204, refused: 3 }) })).toBe(
    '1,204 assignments delivered, 3 refused for good',
  )
})

it('gives the whole address to paste', () => {
  expect(fullAddress('https://dimmer.example.com', '/hooks/v1/tickets/2f1c')).toBe(
    'https://dimmer.example.com/hooks/v1/tickets/2f1c',
  )
})

it('of every kind, a filled form is what the server takes', () => {
  for (const kind of KIND_ORDER) {
    const named = { name: 'Ours', key: 'ours' }
    const url = KINDS[kind].url === undefined ? '' : 'https://example.com'
    const form = { ...emptyForm(kind), named, url, secret: 'long-enough-secret' }
    expect(missingIn(form), kind).toBeUndefined()
    expect(createConnectionSchema.safeParse(connectionOf(form)).error, kind).toBeUndefined()
  }
})

it('leaves out a secret that nobody has given, where one is made', () => {
  const form = { ...emptyForm('tickets'), named: { name: 'Desk', key: 'desk' } }
  expect(connectionOf(form)).toEqual({ key: 'desk', name: 'Desk', kind: 'tickets' })
})

it('says what is missing', () => {
  const named = { name: 'Ours', key: 'ours' }
  expect(missingIn(emptyForm('tickets'))).toBe('It needs a name and a key.')
  expect(missingIn({ ...emptyForm('prometheus'), named })).toBe('It needs an address.')
  expect(missingIn({ ...emptyForm('zendesk'), named })).toBe('It needs the signing secret.')
  expect(missingIn({ ...emptyForm('mixpanel'), named, secret: 'token', units: [] })).toBe('Choose at least one unit.')
})

it('keeps the name and nothing else when another kind is chosen', () => {
  const form = { ...emptyForm('zendesk'), named: { name: 'Ours', key: 'ours' }, secret: 'of zendesk' }
  expect(withKind(form, 'mixpanel')).toEqual({ ...emptyForm('mixpanel'), named: form.named })
})
