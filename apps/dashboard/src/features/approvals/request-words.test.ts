import { expect, it } from 'vitest'
import { standingOf } from './request-words.ts'

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
  ] as const
  for (const [given, word] of cases) expect(standingOf(given).word).toBe(word)
})
