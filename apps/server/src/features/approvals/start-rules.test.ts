import type { ApprovalPolicy, Role } from '@dimmer/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type GivenStart, startNeeds, startsGiven, whyNotStarter } from './start-rules.ts'

const POLICY: ApprovalPolicy = { switch: true, targeting: true, shareUpBy: 10, approvals: 1, roles: ['engineer'] }
const PEOPLE = ['anna', 'bert', 'carl', 'dora']
const PLANNED = { upTo: 100, authorId: 'anna' }
const there = (policy: ApprovalPolicy | null) => ({ policy, approvers: PEOPLE, basis: 'now' })
const approval = (person_id: string, change: Partial<GivenStart> = {}): GivenStart => ({
  person_id,
  role: 'engineer',
  basis: 'now',
  ...change,
})

describe('with one approval, a rollout is started by somebody else than its author, of a role that the policy names', () => {
  const cases: [string, { id?: string; role?: Role; upTo?: number }, Partial<ApprovalPolicy> | null, boolean][] = [
    ['another engineer', {}, {}, true],
    ['the author', { id: 'anna' }, {}, false],
    ['a role that is not named', {}, { roles: ['product', 'admin'] }, false],
    ['the author, where only large raises need approval', { id: 'anna' }, { targeting: false }, false],
    ['the author of a small one there', { id: 'anna', upTo: 10 }, { targeting: false }, true],
    ['the author, where only switching needs it', { id: 'anna' }, { targeting: false, shareUpBy: null }, true],
    ['the author, without a policy', { id: 'anna' }, null, true],
    ['somebody who may not approve any more', { id: 'gone' }, {}, false],
    ['whoever has the admin token', { id: 'admin' }, {}, true],
  ]
  it.each(cases)('%s', (_who, { id = 'bert', role = 'engineer', upTo = 100 }, policy, may) => {
    const reason = whyNotStarter({ ...PLANNED, upTo }, there(policy && { ...POLICY, ...policy }), {
      id,
      role,
      approvals: [],
    })
    expect(reason === undefined, reason).toBe(may)
  })
})

it('counts different people, and only approvals of the flag as it is now', () => {
  const given = [approval('bert'), approval('bert', { basis: 'then' }), approval('carl', { basis: 'then' })]
  expect(startsGiven([...given, approval('anna'), approval('dora', { role: 'viewer' })], PLANNED, there(POLICY))).toBe(
    1,
  )
})

it('never starts with fewer other people than the policy asks for, whoever presses the button', () => {
  const given = fc.record({
    person_id: fc.constantFrom(...PEOPLE, 'gone'),
    role: fc.constantFrom<Role>('viewer', 'engineer', 'admin'),
    basis: fc.constantFrom('now', 'then'),
  })
  fc.assert(
    fc.property(fc.array(given), given, fc.integer({ min: 1, max: 4 }), (approvals, own, needed) => {
      const place = there({ ...POLICY, approvals: needed, roles: ['engineer', 'admin'] })
      expect(startNeeds(place, PLANNED)).toBe(needed)
      const starter = { id: own.person_id, role: own.role, approvals }
      const good = [...approvals, { ...own, basis: 'now' }].filter(
        ({ person_id, role, basis }) =>
          ['bert', 'carl', 'dora'].includes(person_id) && role !== 'viewer' && basis === 'now',
      )
      const enough = new Set(good.map(({ person_id }) => person_id)).size >= needed
      expect(whyNotStarter(PLANNED, place, starter) === undefined).toBe(enough)
    }),
    { numRuns: 200 },
  )
})
