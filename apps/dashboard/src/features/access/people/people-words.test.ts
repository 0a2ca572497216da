import type { AccountView, SessionView } from '@dimmer/protocol'
import { expect, it } from 'vitest'
import { filterPeople, removalSentences, waysIn, whyAccountLocked } from './people-words.ts'

const account = (parts: Partial<AccountView>): AccountView => ({
  id: '1',
  name: 'Ada',
  email: 'ada@example.com',
  everywhere: null,
  projects: ['invoicing'],
  signsInWith: ['password'],
  lastSeenAt: null,
  disabledAt: null,
  ...parts,
})

const session = (id: string): SessionView => ({
  via: 'session',
  person: { id, name: 'Ada', email: 'ada@example.com' },
  projects: {},
  manages: true,
  signIn: { password: true, sso: null, token: false, fresh: false },
})

it('finds people by name, address and project, whatever the case', () => {
  const people = [account({}), account({ id: '2', name: 'Bob', email: 'bob@example.org', projects: ['shop'] })]
  const found = (text: string) => filterPeople(people, text).map(({ name }) => name)
  expect(found('')).toEqual(['Ada', 'Bob'])
  expect(found(' ADA ')).toEqual(['Ada'])
  expect(found('example.org')).toEqual(['Bob'])
  expect(found('shop')).toEqual(['Bob'])
  expect(found('nobody')).toEqual([])
})

it('says how somebody signs in', () => {
  expect(waysIn({ signsInWith: ['password', 'sso'] })).toBe('signs in with password and single sign-on')
  expect(waysIn({ signsInWith: [] })).toBe('has no way to sign in yet')
})

it("lets nobody change their own account's role", () => {
  expect(whyAccountLocked(session('1'), account({}))).toContain('another admin')
  expect(whyAccountLocked(session('2'), account({}))).toBeUndefined()
})

it('names the projects that somebody loses', () => {
  expect(removalSentences(account({ projects: ['invoicing', 'shop'] })).join(' ')).toContain('(invoicing, shop)')
  expect(removalSentences(account({ projects: [] })).join(' ')).toContain('The role in all projects ends')
})
