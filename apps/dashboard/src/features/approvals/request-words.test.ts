import type { SessionView } from '@dimmer/protocol'
import { expect, it } from 'vitest'
import { standingOf, whyNotApplicable, whyNotApprovable, whyNotCounted } from './request-words.ts'

const request = {
  status: 'open',
  conflict: false,
  applyAt: null,
  approvals: { needed: 2, given: 1, roles: [] },
} as const

it('says how a request stands', () => {
  const enough = { needed: 2, given: 2, roles: [] }
  const cases = [
    [request, '1 of 2 approvals'],
    [{ ...request, approvals: enough }, 'approved'],
    [{ ...request, approvals: enough, applyAt: '2026-01-01T00:00:00Z' }, 'scheduled'],
    [{ ...request, approvals: enough, conflict: true }, 'conflict'],
    [{ ...request, status: 'rejected' }, 'rejected'],
    [{ ...request, status: 'applied', conflict: true }, 'applied'],
    [{ ...request, approvals: { needed: 0, given: 0, roles: [] } }, 'needs no approval'],
  ] as const
  for (const [given, word] of cases) expect(standingOf(given).word).toBe(word)
})

const ada = { kind: 'person', id: '1', name: 'Ada' } as const
const sessionOf = (id: string): SessionView => ({
  via: 'session',
  person: { id, name: 'Ada', email: 'ada@example.com' },
  projects: {},
  manages: false,
  signIn: { password: true, sso: null, token: false, fresh: false },
})

it('lets nobody approve what they wrote: as its author, with a key of theirs, or by an edit', () => {
  const own = { status: 'open', author: ada, writers: ['1', '3'] } as const
  const byKey = { ...own, author: { kind: 'key', id: '9', name: 'deploy', person: ada } } as const
  expect(whyNotApprovable(own, sessionOf('1'))).toContain('asked for this change yourself')
  expect(whyNotApprovable(byKey, sessionOf('1'))).toContain('asked for this change yourself')
  expect(whyNotApprovable(own, sessionOf('3'))).toContain('edited this change yourself')
  expect(whyNotApprovable(own, sessionOf('2'))).toBeUndefined()
  expect(whyNotApprovable({ ...own, status: 'rejected' }, sessionOf('2'))).toContain('It was rejected')
})

it("tells whose approval doesn't count", () => {
  const needs = { approvals: { needed: 1, given: 0, roles: ['product', 'admin'] } }
  expect(whyNotCounted(needs, 'engineer')).toContain('only approvals by product or admin count')
  expect(whyNotCounted(needs, 'admin')).toBeUndefined()
  expect(whyNotCounted({ approvals: { ...needs.approvals, needed: 0 } }, 'engineer')).toBeUndefined()
})

it('says what an apply waits for', () => {
  expect(whyNotApplicable(request)).toBe('It has 1 of 2 approvals.')
  expect(whyNotApplicable({ ...request, conflict: true })).toContain('Ask anew')
  expect(whyNotApplicable({ ...request, status: 'rejected' })).toBe('It was rejected.')
  expect(whyNotApplicable({ ...request, approvals: { needed: 1, given: 1, roles: [] } })).toBeUndefined()
})
