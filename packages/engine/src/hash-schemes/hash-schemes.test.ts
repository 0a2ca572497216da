import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { flagOf, rulesetOf } from '../../test/builders.ts'
import { referenceArm, referenceIsIn } from '../../test/reference-hash-schemes.ts'
import { compile, evaluate, explain, type Hash, type HashSchemeName, type SplitArm, validateRuleset } from '../index.ts'
import { hashScheme } from './index.ts'

interface Vectors<T> {
  readonly vectors: readonly T[]
}
interface Peers {
  readonly unleash: Vectors<{
    readonly id: string
    readonly groupId: string
    readonly strategy_1_100: number
    readonly variant_1_1000: number
    readonly low8_strategy: number
  }>
  readonly growthbook: Vectors<{
    readonly seed: string
    readonly value: string
    readonly v1: number
    readonly v2: number
  }>
  readonly launchdarkly: Vectors<{
    readonly flagKey: string
    readonly salt: string
    readonly seed: number | null
    readonly value: string
    readonly bucket: number
    readonly pick_20000_30000_50000: number
  }>
  readonly flagd: Vectors<
    Record<'targetingKey' | 'v1' | 'v2' | 'v3', string> & Record<'v1_pct' | 'v2_bucket' | 'v3_bucket', number>
  > & {
    readonly flagKey: string
    readonly fractional: readonly (readonly [string, number])[]
  }
  readonly flagsmith: Vectors<{ readonly ids: readonly [string, string]; readonly pct: number }>
  readonly configcat: Vectors<{ readonly flagKey: string; readonly value: string; readonly bucket: number }>
}

const file = new URL('../../../../spec/bucketing-peers.json', import.meta.url)
const peers: Peers = JSON.parse(readFileSync(file, 'utf8'))

function bucketOf(name: HashSchemeName, salt: string, id: string): number {
  return hashScheme(name)?.share(salt, 50).bucketer.bucketOf(id) ?? Number.NaN
}

/** Who is in a share of `percent`, through the whole engine. */
function isServed(hash: Hash, percent: number, accountId: string): boolean {
  const share = { unit: 'account', percent, hash }
  const flag = flagOf('f', { rules: [{ id: 'r', share, serve: { variant: 'on' } }] })
  return evaluate(compile(rulesetOf([flag])), 'f', { accountId }, 0).value === true
}

/** Which arm an id gets, through the whole engine. */
function armOf(hash: Hash, weights: readonly (readonly [string, number])[], accountId: string): unknown {
  const arms: readonly SplitArm[] = weights.map(([variant, weight]) => ({ variant, weight }))
  const variants = Object.fromEntries(weights.map(([variant]) => [variant, variant]))
  const parts = {
    variants,
    offVariant: arms[0]?.variant ?? '',
    fallthrough: { split: { unit: 'account', arms, hash } },
  }
  return evaluate(compile(rulesetOf([flagOf('f', { type: 'string', ...parts })])), 'f', { accountId }, 0).value
}

const THOUSAND = Array.from({ length: 1000 }, (_, i) => [`v${i + 1}`, 1] as const)

describe('units are dealt as', () => {
  it.each(peers.unleash.vectors)('Unleash deals $id in $groupId', one => {
    const hash: Hash = { scheme: 'unleash', salt: one.groupId }
    const inNode: Hash = { ...hash, scheme: 'unleash-node' }
    expect(isServed(hash, one.strategy_1_100, one.id)).toBe(true)
    expect(isServed(hash, one.strategy_1_100 - 1, one.id)).toBe(false)
    expect(isServed(inNode, one.low8_strategy, one.id)).toBe(true)
    expect(isServed(inNode, one.low8_strategy - 1, one.id)).toBe(false)
    expect(armOf(hash, THOUSAND.slice(0, 1000), one.id)).toBe(`v${one.variant_1_1000}`)
  })

  it.each(peers.growthbook.vectors)('GrowthBook deals $value under "$seed"', ({ seed, value, v1, v2 }) => {
    expect(bucketOf('growthbook-v1', seed, value) / 1_000).toBe(v1)
    expect(bucketOf('growthbook-v2', seed, value) / 10_000).toBe(v2)
    const hash: Hash = { scheme: 'growthbook-v2', salt: seed }
    expect(isServed(hash, v2 * 100, value)).toBe(true)
    expect(isServed(hash, Math.max(0, v2 * 100 - 0.01), value)).toBe(false)
    expect(
      armOf(
        hash,
        [
          ['a', v2],
          ['b', 1 - v2],
        ],
        value,
      ),
    ).toBe('b')
  })

  it.each(peers.launchdarkly.vectors)('LaunchDarkly deals $value with seed $seed', one => {
    const salt = one.seed === null ? `${one.flagKey}.${one.salt}` : String(one.seed)
    expect(bucketOf('launchdarkly', salt, one.value)).toBe(one.bucket)
    const weights = [
      ['0', 20_000],
      ['1', 30_000],
      ['2', 50_000],
    ] as const
    expect(armOf({ scheme: 'launchdarkly', salt }, weights, one.value)).toBe(String(one.pick_20000_30000_50000))
  })

  it.each(peers.flagd.vectors)('flagd deals $targetingKey', one => {
    const { flagKey: salt, fractional } = peers.flagd
    const arms = (scheme: HashSchemeName) => armOf({ scheme, salt }, fractional, one.targetingKey)
    expect(bucketOf('flagd-v1', salt, one.targetingKey)).toBe(one.v1_pct)
    expect([arms('flagd-v1'), arms('flagd-v2'), arms('flagd-v3')]).toEqual([one.v1, one.v2, one.v3])
    for (const [scheme, bucket] of [
      ['flagd-v2', one.v2_bucket],
      ['flagd-v3', one.v3_bucket],
    ] as const) {
      expect(isServed({ scheme, salt }, bucket, one.targetingKey)).toBe(false)
      expect(isServed({ scheme, salt }, bucket + 1, one.targetingKey)).toBe(true)
    }
  })

  it.each(peers.flagsmith.vectors)('Flagsmith deals $ids', ({ ids: [salt, id], pct }) => {
    expect((bucketOf('flagsmith', salt, id) / 9_998) * 100).toBe(pct)
    expect(isServed({ scheme: 'flagsmith', salt }, pct, id)).toBe(true)
    expect(isServed({ scheme: 'flagsmith', salt }, pct - 0.001, id)).toBe(false)
    expect(
      armOf(
        { scheme: 'flagsmith', salt },
        [
          ['a', pct],
          ['b', 100 - pct],
        ],
        id,
      ),
    ).toBe('b')
  })

  it.each(peers.configcat.vectors)('ConfigCat deals $value in $flagKey', ({ flagKey: salt, value, bucket }) => {
    expect(isServed({ scheme: 'configcat', salt }, bucket, value)).toBe(false)
    expect(isServed({ scheme: 'configcat', salt }, bucket + 1, value)).toBe(true)
    expect(
      armOf(
        { scheme: 'configcat', salt },
        [
          ['a', bucket],
          ['b', 1],
          ['c', 99 - bucket],
        ],
        value,
      ),
    ).toBe('b')
  })
})

const SCHEMES: readonly HashSchemeName[] = [
  'murmur3',
  'unleash',
  'unleash-node',
  'growthbook-v1',
  'growthbook-v2',
  'launchdarkly',
  'flagd-v1',
  'flagd-v2',
  'flagd-v3',
  'configcat',
  'flagsmith',
]
const IDS = Array.from({ length: 2_000 }, (_, i) => `account-${i}`)

describe.each(SCHEMES)('the scheme %s', scheme => {
  const served = (percent: number) => {
    const share = { unit: 'account', percent, hash: { scheme } }
    const snapshot = compile(rulesetOf([flagOf('f', { rules: [{ id: 'r', share, serve: { variant: 'on' } }] })]))
    return new Set(IDS.filter(accountId => evaluate(snapshot, 'f', { accountId }, 0).value === true))
  }

  it('loses nobody when a share grows, and serves nobody at 0 and all at 100 %', () => {
    const sets = [0, 1, 10, 50, 99, 100].map(served)
    for (const [i, smaller] of sets.slice(0, -1).entries()) {
      expect([...smaller].filter(id => !sets[i + 1]?.has(id))).toEqual([])
    }
    expect(sets.map(set => set.size).filter((_, i) => i % 5 === 0)).toEqual([0, IDS.length])
    expect(Math.abs((sets[3]?.size ?? 0) - 1_000)).toBeLessThan(100)
  })

  it('deals as the system writes it down itself', () => {
    const percents = fc.integer({ min: 0, max: 100 })
    const weights = fc
      .array(fc.nat(60), { minLength: 1, maxLength: 4 })
      .filter(some => some.some(weight => weight > 0))
      .map(some => some.map((weight, i): [string, number] => [`v${i}`, weight]))
    const text = fc.oneof(fc.string({ maxLength: 40 }), fc.string({ unit: 'binary', maxLength: 40 }))
    const ids = text.filter(id => id !== '')
    fc.assert(
      fc.property(text, ids, percents, weights, (salt, id, percent, some) => {
        const hash = { scheme, salt }
        const arms = some.map(([variant, weight]) => ({ variant, weight }))
        expect(isServed(hash, percent, id)).toBe(referenceIsIn(hash, percent, id))
        if (scheme !== 'murmur3') expect(armOf(hash, some, id)).toBe(referenceArm(hash, arms, id)?.variant)
      }),
    )
  })

  it('deals all units over the arms in proportion, and none to an arm without weight', () => {
    const weights = [
      ['a', 25],
      ['none', 0],
      ['b', 75],
      ['last', 0],
    ] as const
    const counts = IDS.slice(0, 400).map(id => armOf({ scheme }, weights, id))
    expect(new Set(counts)).toEqual(new Set(['a', 'b']))
    expect(Math.abs(counts.filter(arm => arm === 'a').length - 100)).toBeLessThan(30)
  })

  it('tells the bucket in percent', () => {
    const share = { unit: 'account', percent: 50, hash: { scheme } }
    const ruleset = rulesetOf([flagOf('f', { rules: [{ id: 'r', share, serve: { variant: 'on' } }] })])
    expect(validateRuleset(ruleset)).toEqual([])
    for (const accountId of IDS.slice(0, 50)) {
      const { steps, evaluation } = explain(compile(ruleset), 'f', { accountId }, 0)
      const [step] = steps
      const bucket = step?.kind === 'rule' ? step.share?.bucket : undefined
      expect(bucket).toBeGreaterThanOrEqual(0)
      expect(bucket).toBeLessThanOrEqual(100)
      if (bucket !== 50) expect(evaluation.value).toBe(Number(bucket) < 50)
    }
  })
})

describe('a hash', () => {
  const forShare = (hash: unknown, percent = 5) => {
    const share = { unit: 'account', percent, hash: hash as Hash }
    return rulesetOf([flagOf('f', { rules: [{ id: 'r', share, serve: { variant: 'on' } }] })])
  }

  it('of an unknown scheme costs its rule, and in the fallthrough the flag', () => {
    const snapshot = compile(forShare({ scheme: 'dice' }))
    expect(snapshot.problems.map(({ path, code }) => [path, code])).toEqual([
      ['flags.f.rules[0].share.hash.scheme', 'unknown-hash'],
    ])
    expect(evaluate(snapshot, 'f', { accountId: 'a' }, 0).reason.kind).toBe('fallthrough')
    const split = {
      unit: 'account',
      arms: [{ variant: 'on', weight: 1 }],
      hash: { scheme: 'toString' } as unknown as Hash,
    }
    const broken = compile(rulesetOf([flagOf('f', { fallthrough: { split } })]))
    expect(evaluate(broken, 'f', { accountId: 'a' }, 0).reason).toEqual({ kind: 'error', code: 'invalid-flag' })
  })

  it('may not ask for less than a step of its scheme', () => {
    expect(validateRuleset(forShare({ scheme: 'unleash' }, 2.5))[0]?.message).toContain('in steps of 1')
    expect(validateRuleset(forShare({ scheme: 'growthbook-v2' }, 2.55))).toEqual([])
  })

  it('that says what is the default changes nothing', () => {
    for (const id of IDS.slice(0, 200)) {
      expect(isServed({ scheme: 'murmur3' }, 30, id)).toBe(isServed({ scheme: 'murmur3', salt: 'salt of f' }, 30, id))
      expect(
        armOf(
          { scheme: 'murmur3' },
          [
            ['a', 1],
            ['b', 1],
          ],
          id,
        ),
      ).toBe(
        armOf(
          { scheme: 'murmur3', salt: 'salt of f/split' },
          [
            ['a', 1],
            ['b', 1],
          ],
          id,
        ),
      )
    }
  })
})
