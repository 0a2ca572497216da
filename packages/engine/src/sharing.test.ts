import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyContext, anyRuleset } from '../test/arbitraries.ts'
import { flagOf, rulesetOf } from '../test/builders.ts'
import { nativeRegex } from '../test/native-regex.ts'
import { Murmur3Bucketer } from './bucketing.ts'
import { BUCKETS, bucketOf, compile, evaluate, type Flag, type Ruleset, splitSalt } from './index.ts'

const HOST = { regex: nativeRegex }
const UNITS = Array.from({ length: 100_000 }, (_, i) => `account_${i}`)
/** A chi-square value beyond these comes up by chance once in a thousand times; the salts are fixed, so it is always the same. */
const CHI_SQUARE_1 = 10.83
const CHI_SQUARE_3 = 16.27
const CHI_SQUARE_99 = 148.2

/** How far a table of counts is from independence of its rows and columns. */
function chiSquare(table: readonly (readonly number[])[]): number {
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)
  const rows = table.map(sum)
  const columns = (table[0] ?? []).map((_, column) => sum(table.map(row => row[column] ?? 0)))
  const total = sum(rows)
  const cells = table.flatMap((row, r) =>
    row.map((count, c) => {
      const expected = ((rows[r] ?? 0) * (columns[c] ?? 0)) / total
      return (count - expected) ** 2 / expected
    }),
  )
  return sum(cells)
}

/** Counts units by two properties. */
function crossTable(size: readonly [number, number], cell: (unit: string) => readonly [number, number]): number[][] {
  const table = Array.from({ length: size[0] }, () => Array.from({ length: size[1] }, () => 0))
  for (const unit of UNITS) {
    const [row, column] = cell(unit)
    const counts = table[row]
    if (counts) counts[column] = (counts[column] ?? 0) + 1
  }
  return table
}

function withPercent(ruleset: Ruleset, flag: Flag, index: number, percent: number): Ruleset {
  const rules = flag.rules.map((rule, at) =>
    at === index && rule.share ? { ...rule, share: { ...rule.share, percent } } : rule,
  )
  return { ...ruleset, flags: { ...ruleset.flags, [flag.key]: { ...flag, rules } } }
}

const twoPercents = fc
  .tuple(fc.nat(100_000), fc.nat(100_000))
  .map(pair => pair.map(n => n / 1000).sort((a, b) => a - b))

describe('a share', () => {
  it('never loses anyone when it grows, whatever else is in the flag', () => {
    fc.assert(
      fc.property(anyRuleset, anyContext, fc.nat(), twoPercents, (ruleset, context, pick, [low = 0, high = 0]) => {
        for (const flag of Object.values(ruleset.flags)) {
          const index = pick % Math.max(1, flag.rules.length)
          const servedAt = (percent: number) =>
            evaluate(compile(withPercent(ruleset, flag, index, percent), HOST), flag.key, context, pick)
          const before = servedAt(low)
          if (before.reason.kind === 'rule' && before.reason.index === index) expect(servedAt(high)).toEqual(before)
        }
      }),
    )
  }, 60_000)

  it('gives back the same set when it is lowered and raised again, and each set holds the smaller one', () => {
    const flag = flagOf('f', { rules: [{ id: 'r', share: { unit: 'account', percent: 0 }, serve: { variant: 'on' } }] })
    const served = (percent: number) => {
      const snapshot = compile(withPercent(rulesetOf([flag]), flag, 0, percent))
      return new Set(
        UNITS.slice(0, 20_000).filter(accountId => evaluate(snapshot, 'f', { accountId }, 0).value === true),
      )
    }
    const sets = [0, 5, 35, 5, 35, 100].map(served)
    const [none, five, thirtyFive, fiveAgain, thirtyFiveAgain, all] = sets
    expect(none?.size).toBe(0)
    expect(all?.size).toBe(20_000)
    expect(fiveAgain).toEqual(five)
    expect(thirtyFiveAgain).toEqual(thirtyFive)
    expect([...(five ?? [])].filter(unit => !thirtyFive?.has(unit))).toEqual([])
    expect(five?.size).toBeGreaterThan(900)
    expect(five?.size).toBeLessThan(1100)
  })

  it('serves exactly the buckets below it, and is named by those it holds out', () => {
    const flag = flagOf('f', {
      rules: [{ id: 'r', share: { unit: 'account', percent: 30 }, serve: { variant: 'on' } }],
    })
    const snapshot = compile(rulesetOf([flag]))
    for (const accountId of UNITS.slice(0, 1000)) {
      const { value, heldOutBy } = evaluate(snapshot, 'f', { accountId }, 0)
      expect(heldOutBy).toBe(value === true ? undefined : 'r')
      expect(value).toBe(bucketOf(flag.salt, accountId) < 30_000)
    }
  })
})

describe.each(['s1', 'new-pdf-engine', 'x7Kq2mP0', 'ünïcode 😀'])('over 100,000 units under the salt %s', salt => {
  const share = new Murmur3Bucketer(salt)
  const split = new Murmur3Bucketer(splitSalt(salt))
  const other = new Murmur3Bucketer(`${salt}2`)
  it('the buckets are even', () => {
    const counts = Array.from({ length: 100 }, () => 0)
    for (const unit of UNITS) {
      const bin = Math.floor((share.bucketOf(unit) * 100) / BUCKETS)
      counts[bin] = (counts[bin] ?? 0) + 1
    }
    expect(counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(CHI_SQUARE_99)
  })

  it.each([1, 5, 25, 50])('the arms of a split are balanced inside and outside a share of %i %%', percent => {
    const table = crossTable([2, 4], unit => [
      share.bucketOf(unit) < percent * 1000 ? 1 : 0,
      Math.floor((split.bucketOf(unit) * 4) / BUCKETS),
    ])
    expect(chiSquare(table)).toBeLessThan(CHI_SQUARE_3)
  })

  it('another flag deals quite differently', () => {
    const table = crossTable([2, 2], unit => [
      share.bucketOf(unit) < 20_000 ? 1 : 0,
      other.bucketOf(unit) < 20_000 ? 1 : 0,
    ])
    expect(chiSquare(table)).toBeLessThan(CHI_SQUARE_1)
  })
})
