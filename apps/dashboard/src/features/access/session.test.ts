import type { SessionView } from '@dimmer/protocol'
import { expect, it } from 'vitest'
import { whyNot } from './session.ts'

const session: SessionView = {
  via: 'session',
  person: { id: '1', name: 'Bob', email: 'bob@example.com' },
  manages: false,
  signIn: { password: true, sso: null, token: false, fresh: false },
  projects: {
    invoicing: {
      role: 'engineer',
      permissions: ['project:read', 'flag:write'],
      environments: { production: { role: 'viewer', permissions: ['project:read'] } },
    },
  },
}

it('says which role in which environment is in the way', () => {
  expect(whyNot(session, 'flag:write', { project: 'invoicing', environment: 'development' })).toBeUndefined()
  expect(whyNot(session, 'flag:write', { project: 'invoicing', environment: 'production' })).toBe(
    "Your role in production is viewer, which doesn't let you make flags, switch them, and change their rules.",
  )
  expect(whyNot(session, 'member:manage', { project: 'invoicing' })).toContain('Your role here is engineer')
})

it('says which environment is in the way of what reaches all of them', () => {
  expect(whyNot(session, 'flag:write', { project: 'invoicing', everywhere: true })).toBe(
    "It reaches all environments. Your role in production is viewer, which doesn't let you make flags, switch them, and change their rules.",
  )
  expect(whyNot(session, 'project:read', { project: 'invoicing', everywhere: true })).toBeUndefined()
})

it('does not switch off what it does not know: the server has the last word', () => {
  expect(whyNot(undefined, 'flag:write', { project: 'invoicing' })).toBeUndefined()
})
