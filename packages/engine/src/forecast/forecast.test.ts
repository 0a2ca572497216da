import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { flagOf, rulesetOf } from '../../test/builders.ts'
import { directoryOf } from '../../test/directories.ts'
import {
  compile,
  Directory,
  type Flag,
  type Forecast,
  type ForecastProgress,
  forecast,
  forecastInSteps,
  type Rule,
} from '../index.ts'

const NOW = Date.UTC(2026, 10, 21)
const directory = directoryOf(12_004, 45_000)

const share = (percent: number, unit = 'account', more: Partial<Rule> = {}): Rule => ({
  id: 'rollout',
  share: { unit, percent },
  serve: { variant: 'on' },
  ...more,
})

const withRules = (...rules: readonly Rule[]): Flag => flagOf('pdf', { rules })

function forecastOf(before: readonly Flag[], after: readonly Flag[], over: Directory = directory): Forecast {
  const [old, now] = [compile(rulesetOf(before)), compile(rulesetOf(after))]
  expect(now.problems).toEqual([])
  return forecast(old, now, { flag: 'pdf', directory: over, now: NOW })
}

describe('a share of accounts', () => {
  const all = forecastOf([withRules()], [withRules(share(5))])
  const summary = all.summary()

  it('is counted exactly, and named up to a limit', () => {
    const { accounts } = summary
    expect(accounts.all).toBe(12_004)
    expect(accounts.after).toBeGreaterThan(540)
    expect(accounts.after).toBeLessThan(660)
    expect(accounts.gains.count).toBe(accounts.after)
    expect(accounts.gains.names).toHaveLength(100)
    expect([...all.members('account', 'gains')]).toHaveLength(accounts.after)
    expect(accounts.variants).toEqual([
      { variant: 'off', before: 12_004, after: 12_004 - accounts.after },
      { variant: 'on', before: 0, after: accounts.after },
    ])
  })

  it('names just those who really get it', () => {
    const snapshot = compile(rulesetOf([withRules(share(5))]))
    for (const { id, name } of summary.accounts.gains.names) {
      expect(snapshot.flags.get('pdf')?.evaluate({ accountId: id }, NOW).variant).toBe('on')
      expect(name).toMatch(/^Account \d+$/)
    }
  })

  it('is put in one sentence', () => {
    const enterprise = summary.breakdowns[0]?.rows.find(({ value }) => value === 'enterprise')
    const count = summary.accounts.after
    expect(summary.sentence).toBe(
      `5 % of accounts = ${count} of 12,004; ${enterprise?.after} of the 201 enterprise accounts; 0 split teams`,
    )
    expect(summary.note).toBeUndefined()
  })

  it('is broken down by any attribute', () => {
    const { rows } = all.breakdown('account', 'plan')
    expect(rows.map(({ value }) => value)).toEqual(['free', 'pro', 'enterprise'])
    expect(rows.reduce((total, { all: units }) => total + units, 0)).toBe(12_004)
    expect(rows.reduce((total, { gains }) => total + gains, 0)).toBe(summary.accounts.gains.count)
    const byUser = all.breakdown('user', 'plan').rows
    expect(byUser.reduce((total, { after }) => total + after, 0)).toBe(summary.users.after)
    expect(all.breakdown('account', 'nothing').rows).toMatchObject([{ value: null, all: 12_004 }])
  })

  it('is broken down by users where only these have the attribute', () => {
    const { breakdowns } = all.summary({ by: ['plan', 'role', 'nothing'] })
    expect(breakdowns.map(({ unit }) => unit)).toEqual(['account', 'user', 'account'])
    expect(breakdowns[1]?.rows).toMatchObject([
      { value: 'member', all: 36_000 },
      { value: 'admin', all: 9_000 },
    ])
    const users = Array.from({ length: 20 }, (_, index) => ({
      id: `usr-${index}`,
      accountId: `acc-${index}`,
      attributes: { plan: index < 5 ? 'pro' : 'free' },
    }))
    const identified = forecastOf([withRules()], [withRules(share(50))], new Directory([], users)).summary()
    expect(identified.breakdowns).toMatchObject([{ unit: 'user', attribute: 'plan', rows: [{ all: 15 }, { all: 5 }] }])
  })

  it('shows the biggest accounts that gain it', () => {
    const { biggest } = summary
    expect(biggest).toMatchObject({ attribute: 'mrr', lost: [], lostTotal: 0 })
    const values = biggest?.gained.map(({ value }) => value) ?? []
    expect(values).toHaveLength(10)
    expect(values).toEqual([...values].sort((a, b) => b - a))
    expect(values.at(-1)).toBeGreaterThan(5_000)
    expect(all.biggest('seats').gained[0]?.value).toBe(9)
  })

  it('gives the same in steps, which say how far they are', () => {
    const [before, after] = [compile(rulesetOf([withRules()])), compile(rulesetOf([withRules(share(5))]))]
    const seen: ForecastProgress[] = []
    const again = forecast(before, after, { flag: 'pdf', directory, now: NOW, progress: step => void seen.push(step) })
    expect(again.summary()).toEqual(summary)
    expect(seen.length).toBeGreaterThan(10)
    expect(seen.at(-1)).toEqual({ done: 57_004, total: 57_004 })
    expect([...seen].sort((a, b) => a.done - b.done)).toEqual(seen)
    const steps = forecastInSteps(before, after, { flag: 'pdf', directory, now: NOW })
    expect(steps.next()).toMatchObject({ done: false, value: { total: 57_004 } })
  })
})

describe('who speaks for an account', () => {
  const small = new Directory(
    [
      { id: 'team', attributes: { plan: 'pro' } },
      { id: 'quiet', attributes: { plan: 'pro' } },
    ],
    [
      { id: 'ada', accountId: 'team', attributes: { role: 'admin' } },
      { id: 'bob', accountId: 'team', attributes: {} },
      { id: 'cyd', accountId: 'unlisted', attributes: {} },
      { id: 'dan', attributes: {} },
    ],
  )
  const forAdmins: Rule = {
    id: 'admins',
    when: { attribute: 'role', op: 'equals', value: 'admin' },
    serve: { variant: 'on' },
  }

  it('has it when any of its users has it, and is a split team when they disagree', () => {
    const { accounts, users, splitTeams } = forecastOf([withRules()], [withRules(forAdmins)], small).summary()
    expect(accounts).toMatchObject({ all: 3, after: 1, gains: { names: [{ id: 'team' }] } })
    expect(users).toMatchObject({ all: 4, after: 1, gains: { names: [{ id: 'ada' }] } })
    expect(splitTeams).toEqual({ before: 0, after: 1, names: [{ id: 'team' }] })
  })

  it('switches when its users no longer disagree', () => {
    const onForAll = flagOf('pdf', { fallthrough: { variant: 'on' } })
    const { accounts, splitTeams } = forecastOf([withRules(forAdmins)], [onForAll], small).summary()
    expect(accounts).toMatchObject({ before: 1, after: 3, gains: { count: 2 }, switched: { names: [{ id: 'team' }] } })
    expect(splitTeams).toMatchObject({ before: 1, after: 0 })
  })

  it('is asked itself when no user is known, with its attributes; users have those of the account', () => {
    const forPro: Rule = {
      id: 'pro',
      when: { attribute: 'plan', op: 'equals', value: 'pro' },
      serve: { variant: 'on' },
    }
    const { accounts, users } = forecastOf([withRules()], [withRules(forPro)], small).summary()
    expect(accounts.gains.names).toEqual([{ id: 'team' }, { id: 'quiet' }])
    expect(users.gains.names).toEqual([{ id: 'ada' }, { id: 'bob' }])
  })

  it('says which units are missing', () => {
    const { missingUnits } = forecastOf([withRules()], [withRules(share(50, 'account'))], small).summary()
    expect(missingUnits).toEqual([{ unit: 'account', rows: 1 }])
  })

  it('names the shares of units that the directory does not list, and counts who has it all the same', () => {
    const summary = forecastOf(
      [withRules()],
      [withRules(share(100, 'organization'), share(5, 'account'))],
      small,
    ).summary()
    expect(summary.uncountedShares).toMatchObject([{ unit: 'organization', nominalPercent: 100 }])
    expect(summary.shares).toMatchObject([{ unit: 'account', nominalPercent: 5 }])
    expect(summary.missingUnits).toContainEqual({ unit: 'organization', rows: expect.any(Number) })
  })
})

it('names the rules that are not in force, and asks for any time', () => {
  const launch: Rule = { ...share(50), name: 'launch', from: '2026-03-01', until: '2026-04-01' }
  const small = directoryOf(60, 200)
  const at = (text: string) =>
    forecast(compile(rulesetOf([withRules()])), compile(rulesetOf([withRules(launch)])), {
      flag: 'pdf',
      directory: small,
      now: Date.parse(text),
    }).summary()
  const dormant = [{ ruleId: launch.id, ruleName: 'launch', from: '2026-03-01', until: '2026-04-01' }]
  for (const outside of ['2026-02-28', '2026-04-01']) {
    expect(at(outside)).toMatchObject({ accounts: { after: 0 }, dormantRules: dormant })
  }
  const during = at('2026-03-01')
  expect(during.dormantRules).toEqual([])
  expect(during.accounts.after).toBeGreaterThan(20)
})

describe('nominal and effective share', () => {
  const gate = flagOf('gate', { rules: [share(50)] })
  const gated = flagOf('pdf', { prerequisites: [{ flag: 'gate', variants: ['on'] }], rules: [share(20)] })

  it('differ through prerequisites', () => {
    const { shares, prerequisites, accounts, sentence } = forecastOf([gate, withRules()], [gate, gated]).summary()
    expect(shares[0]).toMatchObject({ ruleId: 'rollout', nominalPercent: 20, audience: 12_004 })
    expect(shares[0]?.served).toBe(accounts.after)
    expect(shares[0]?.effectivePercent).toBeGreaterThan(9)
    expect(shares[0]?.effectivePercent).toBeLessThan(11)
    expect(prerequisites?.accounts).toBeGreaterThan(2_200)
    expect(sentence).toContain('accounts held back by gate')
  })

  it('count against those for whom the rule is meant', () => {
    const enterprise = { when: { attribute: 'plan', op: 'equals', value: 'enterprise' } } as const
    const { shares, note, sentence } = forecastOf([withRules()], [withRules(share(5, 'account', enterprise))]).summary()
    expect(shares[0]).toMatchObject({ audience: 201, nominalPercent: 5 })
    expect(sentence).toMatch(/^5 % of the 201 accounts it is meant for = \d+;/)
    expect(note).toContain('5 % of another 201 accounts')
  })

  it('come with what to expect of others when the base is small', () => {
    const { note } = forecastOf([withRules()], [withRules(share(5))], directoryOf(40, 90)).summary()
    expect(note).toMatch(/5 % of another 40 accounts .*: expect 2, between 0 and 5$/)
  })
})

it('tells an emptied directory, a missing flag and a flag that is off apart from an error', () => {
  const empty = new Directory([], [])
  expect(forecastOf([withRules()], [withRules(share(5))], empty).summary()).toMatchObject({
    sentence: 'The directory is empty: nobody to forecast for',
    accounts: { all: 0 },
  })
  expect(forecastOf([], [withRules(share(5))]).summary().accounts.losses.count).toBe(0)
  const off = forecastOf([withRules(share(5))], [{ ...withRules(share(5)), on: false }]).summary()
  expect(off.accounts).toMatchObject({ after: 0, gains: { count: 0 } })
  expect(off.sentence).toBe('0 of 12,004 accounts; 0 split teams')
  expect(off.accounts.losses.count).toBe(off.accounts.before)
})

describe('for every change', () => {
  const small = directoryOf(60, 200)
  const percent = fc.integer({ min: 0, max: 100_000 }).map(n => n / 1_000)
  const unit = fc.constantFrom('account', 'user')

  it('everybody is in one group', () => {
    const rule = fc.tuple(percent, unit, fc.constantFrom('on', 'alt'))
    fc.assert(
      fc.property(rule, rule, fc.boolean(), (one, two, on) => {
        const flag = ([p, u, variant]: typeof one, parts: Partial<Flag> = {}) =>
          flagOf('pdf', {
            type: 'string',
            variants: { on: 'a', alt: 'b', off: 'c' },
            rules: [{ id: 'r', share: { unit: u, percent: p }, serve: { variant } }],
            ...parts,
          })
        const { accounts, users } = forecastOf([flag(one)], [flag(two, { on })], small).summary()
        for (const { all, before, after, gains, losses, switched, unchanged } of [accounts, users]) {
          expect(gains.count + losses.count + switched.count + unchanged.count).toBe(all)
          expect(after - before).toBe(gains.count - losses.count)
        }
      }),
    )
  })

  it('raising a share takes it from nobody', () => {
    fc.assert(
      fc.property(percent, percent, unit, (a, b, of) => {
        const [low, high] = a < b ? [a, b] : [b, a]
        const { accounts, users } = forecastOf(
          [withRules(share(low, of))],
          [withRules(share(high, of))],
          small,
        ).summary()
        expect([accounts.losses.count, users.losses.count]).toEqual([0, 0])
      }),
    )
  })
})
