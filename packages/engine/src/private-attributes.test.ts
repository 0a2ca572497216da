import { expect, it } from 'vitest'
import { withoutAttributes } from './private-attributes.ts'

it('leaves out what stands at a path, however deep, and in each item of a list', () => {
  const attributes = {
    email: 'a@b.c',
    plan: 'pro',
    home: { street: 'Main', city: 'Rome' },
    cards: [{ number: '4', kind: 'gold' }, 'none'],
  }
  expect(withoutAttributes(attributes, ['email', 'home.street', 'cards.number', 'nothing.here'])).toEqual({
    plan: 'pro',
    home: { city: 'Rome' },
    cards: [{ kind: 'gold' }, 'none'],
  })
  expect(attributes.email).toBe('a@b.c')
})

it('finds names that contain dots themselves', () => {
  expect(
    withoutAttributes({ 'home.street': 'Main', home: { 'street.no': 5 } }, ['home.street', 'home.street.no']),
  ).toEqual({ home: {} })
})

it('takes names of an object for what they are', () => {
  const attributes = JSON.parse('{"__proto__":{"secret":1,"open":2},"constructor":3}')
  expect(JSON.stringify(withoutAttributes(attributes, ['__proto__.secret', 'toString']))).toBe(
    '{"__proto__":{"open":2},"constructor":3}',
  )
})
