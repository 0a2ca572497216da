import type { ApprovalPolicy, FlagConfig } from '@dimmer/protocol'
import { describe, expect, it } from 'vitest'
import { approvalsGiven, defaultPolicy, reasonsForSegment, reasonsToApprove } from './approvals-rules.ts'

const POLICY: ApprovalPolicy = { switch: true, targeting: true, shareUpBy: 10, approvals: 1, roles: ['engineer'] }
const rule = (percent?: number) => ({
  id: 'r',
  ...(percent === undefined ? {} : { share: { unit: 'account', percent } }),
  serve: { variant: 'on' },
})
const config = (change: Partial<FlagConfig> = {}): FlagConfig => ({
  on: true,
  offVariant: 'off',
  prerequisites: [],
  rules: [rule(5)],
  fallthrough: { variant: 'off' },
  ...change,
})

describe('a change needs approval', () => {
  const cases: [string, Partial<ApprovalPolicy>, Partial<FlagConfig>, Partial<FlagConfig>, number][] = [
    ['nothing', {}, {}, {}, 0],
    ['switched off', {}, {}, { on: false }, 1],
    ['switched on', {}, { on: false }, {}, 1],
    ['switched, where that is free', { switch: false }, {}, { on: false }, 0],
    ['a share up by little', {}, {}, { rules: [rule(15)] }, 0],
    ['a share up by more', {}, {}, { rules: [rule(15.1)] }, 1],
    ['a share up, where that is free', { shareUpBy: null }, {}, { rules: [rule(100)] }, 0],
    ['a share down', {}, {}, { rules: [rule(0)] }, 0],
    ['a share taken off, which is everybody', { targeting: false }, {}, { rules: [rule()] }, 1],
    ['a rule for everybody more', { targeting: false }, {}, { rules: [rule(5), { ...rule(), id: 's' }] }, 1],
    ['another fallthrough', {}, {}, { fallthrough: { variant: 'on' } }, 1],
    ['another fallthrough, where that is free', { targeting: false }, {}, { fallthrough: { variant: 'on' } }, 0],
    ['targeting and the switch', {}, { on: false }, { fallthrough: { variant: 'on' } }, 2],
    ['anything while it is off', {}, { on: false }, { on: false, fallthrough: { variant: 'on' } }, 0],
    [
      'targeting while it is off, where the switch is free',
      { switch: false },
      { on: false },
      { on: false, fallthrough: { variant: 'on' } },
      1,
    ],
  ]
  it.each(cases)('%s', (_what, policy, ...[before, after, reasons]) => {
    expect(reasonsToApprove({ ...POLICY, ...policy }, { before: config(before), after: config(after) })).toHaveLength(
      reasons,
    )
    expect(reasonsToApprove(null, { before: config(before), after: config(after) })).toEqual([])
  })
})

it('small raises add up, from the lowest share of late', () => {
  const raise = (lately: readonly number[]) =>
    reasonsToApprove(POLICY, {
      before: config({ rules: [rule(14)] }),
      after: config({ rules: [rule(20)] }),
      lately: lately.map(percent => config({ rules: [rule(percent)] })),
    })
  expect(raise([14, 10])).toEqual([])
  expect(raise([14, 5, 50])).toEqual([expect.stringContaining('it was at 5 % within the last day')])
  const lower = { before: config({ rules: [rule(60)] }), after: config({ rules: [rule(50)] }) }
  expect(reasonsToApprove(POLICY, { ...lower, lately: [config({ rules: [] })] })).toEqual([])
})

it('the order of fields, which a database changes, is no other targeting', () => {
  const { rules, ...rest } = config()
  expect(reasonsToApprove(POLICY, { before: { rules, ...rest }, after: config() })).toEqual([])
})

it('a segment counts where a flag that serves decides by it, and targeting needs approval', () => {
  const [on, off] = [
    { key: 'a', on: true },
    { key: 'b', on: false },
  ]
  expect(reasonsForSegment(POLICY, 'pilots', [on, off])).toEqual([expect.stringContaining('"a" decides')])
  expect(reasonsForSegment(POLICY, 'pilots', [off])).toEqual([])
  expect(reasonsForSegment({ ...POLICY, switch: false }, 'pilots', [off])).toHaveLength(1)
  expect(reasonsForSegment({ ...POLICY, targeting: false }, 'pilots', [on])).toEqual([])
  expect(reasonsForSegment(null, 'pilots', [on])).toEqual([])
})

describe('by default', () => {
  it('production asks for approval as soon as there are two who can give it', () => {
    expect(defaultPolicy('production', 1)).toBeNull()
    expect(defaultPolicy('production', 2)).toMatchObject({ approvals: 1 })
    expect(defaultPolicy('development', 9)).toBeNull()
  })
})

it('counts different people of the named roles who did not write it, on this revision', () => {
  const review = (person_id: string, change = {}) => ({
    person_id,
    revision: 2,
    roles: { production: 'engineer' as const },
    verdict: 'approve',
    ...change,
  })
  const reviews = [
    review('bert'),
    review('bert'),
    review('anna'),
    review('carl', { revision: 1 }),
    review('dora', { roles: { production: 'viewer', development: 'engineer' } }),
    review('emil', { verdict: 'reject' }),
  ]
  expect(
    approvalsGiven(reviews, { revision: 2, writers: ['anna'] }, { policy: POLICY, environment: 'production' }),
  ).toBe(1)
})
