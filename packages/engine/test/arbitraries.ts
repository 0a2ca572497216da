import fc from 'fast-check'
import type {
  Condition,
  Flag,
  Hash,
  HashSchemeName,
  Json,
  Operator,
  Rule,
  Ruleset,
  Segment,
  Serve,
  Test,
} from '../src/index.ts'
import { flagOf, rulesetOf } from './builders.ts'

/** Random rulesets and contexts from small pools, so that conditions often hold and ids often meet. */

const ATTRIBUTES = [
  'plan',
  'country',
  'seats',
  'roles',
  'email',
  'createdAt',
  'version',
  'ip',
  'company.size',
  'a.b',
  '__proto__',
  'constructor',
]
const UNITS = ['account', 'user', 'session', 'device']
const SEGMENTS = ['pilots', 'staff', 'nested']
const WORDS = ['free', 'Free', 'pro', 'US', 'GB', 'DE', 'ß', 'Ünïcode', '😀', '\ud800', ' ', '5']
const DATES = [
  '2026-02-28',
  '2026-02-29T00:00:00Z',
  '2024-02-29T23:59:60+05:30',
  '1999-12-31t10:00:00.1239z',
  '2026-01-31 08:00:00-08:00',
  'yesterday',
]
const EMAILS = ['a@example.com', 'B@EXAMPLE.COM', 'a@b@other.org', '@example.com', 'example.com']
const VERSIONS = ['1.2.3', '1.2.3-rc.1', '1.2.3-rc.11+b', '1.10.0', '2.0.0', 'v2.0.0', '1.2', '0.0.1']
const ADDRESSES = ['10.0.0.1', '::ffff:10.0.0.2', '192.168.1.1', '2001:db8::1', '010.0.0.1', '127.1']
const RANGES = ['10.0.0.0/8', '10.0.0.1', '::ffff:0:0/96', '2001:db8::/32', '::/0']
/** In RE2 as in `RegExp`; the last three are those that the engine doesn't leave to the platform. */
const PATTERNS = [
  '^(?:free|pro)$',
  '^[A-Z]{2}$',
  '@example\\.(?:com|org)$',
  '^[a-z]+@',
  'e',
  '^.*e',
  '(?:r|re)+',
  'E?e$',
]
const DURATIONS = ['P0D', 'P30D', 'P1M', 'P1Y2M3DT4H5M6S', 'PT36H', 'P2W']

const word = fc.constantFrom(...WORDS)
const number = fc.oneof(fc.integer({ min: -3, max: 12 }), fc.constantFrom(0.5, -0, 1e21, Date.UTC(2026, 0, 30)))
const scalar = fc.oneof(word, number, fc.boolean())

function valuesFor(op: Operator): fc.Arbitrary<Json> {
  switch (op) {
    case 'equals':
    case 'notEquals':
      return scalar
    case 'in':
    case 'notIn':
      return fc.oneof(fc.array(word, { minLength: 1, maxLength: 4 }), fc.array(number, { minLength: 1, maxLength: 4 }))
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return fc.oneof(word, fc.array(word, { minLength: 1, maxLength: 3 }))
    case 'before':
    case 'after':
      return fc.oneof(fc.constantFrom(...DATES.slice(0, 1), ...DATES.slice(2, 5)), fc.constant(Date.UTC(2026, 0, 30)))
    case 'olderThan':
    case 'newerThan':
      return fc.constantFrom(...DURATIONS)
    case 'emailDomain':
      return fc.constantFrom<Json>('Example.com', ['other.org', 'example.com'], '*.com')
    case 'semverEq':
    case 'semverLt':
    case 'semverLte':
    case 'semverGt':
    case 'semverGte':
      return fc.constantFrom(...VERSIONS.filter(version => /^\d+\.\d+\.\d+/.test(version)))
    case 'matches':
      return fc.oneof(fc.constantFrom(...PATTERNS), fc.subarray(PATTERNS, { minLength: 1 }))
    case 'inCidr':
      return fc.oneof(fc.constantFrom(...RANGES), fc.subarray(RANGES, { minLength: 1 }))
    default:
      return number
  }
}

/** Each operator with the attributes that suit it, so that its tests often hold. */
const SUITABLE: readonly (readonly [Operator, readonly string[]])[] = [
  ['equals', ['plan', 'country', 'roles']],
  ['in', ['plan', 'country', 'roles', 'seats']],
  ['notEquals', ['plan', 'seats']],
  ['notIn', ['country', 'roles']],
  ['contains', ['plan', 'roles']],
  ['startsWith', ['country', 'a.b']],
  ['endsWith', ['plan', 'constructor']],
  ['lt', ['seats', 'company.size']],
  ['lte', ['seats']],
  ['gt', ['seats']],
  ['gte', ['seats', 'company.size']],
  ['before', ['createdAt']],
  ['after', ['createdAt']],
  ['olderThan', ['createdAt']],
  ['newerThan', ['createdAt']],
  ['emailDomain', ['email']],
  ['matches', ['email', 'plan', 'country', 'roles']],
  ['semverEq', ['version']],
  ['semverLt', ['version']],
  ['semverLte', ['version']],
  ['semverGt', ['version']],
  ['semverGte', ['version']],
  ['inCidr', ['ip']],
  ['exists', ATTRIBUTES],
]
const TAKES_IGNORE_CASE: readonly Operator[] = [
  'equals',
  'notEquals',
  'in',
  'notIn',
  'contains',
  'startsWith',
  'endsWith',
  'matches',
]

const TAKES_LIST: readonly Operator[] = [
  'in',
  'notIn',
  'contains',
  'startsWith',
  'endsWith',
  'emailDomain',
  'inCidr',
  'matches',
]
const quantifier = fc.constantFrom<'any' | 'all' | undefined>(undefined, undefined, 'any', 'all')

const testOf = ([op, suitable]: readonly [Operator, readonly string[]]): fc.Arbitrary<Test> =>
  fc
    .record({
      attribute: fc.oneof({ arbitrary: fc.constantFrom(...suitable), weight: 4 }, fc.constantFrom(...ATTRIBUTES)),
      value: valuesFor(op),
      ignoreCase: fc.boolean(),
      elements: quantifier,
      values: quantifier,
    })
    .map(({ attribute, value, ignoreCase, elements, values }) => ({
      attribute,
      op,
      ...(op === 'exists' ? {} : { value }),
      ...(ignoreCase && TAKES_IGNORE_CASE.includes(op) ? { ignoreCase } : {}),
      ...(elements !== undefined && op !== 'exists' ? { elements } : {}),
      ...(values !== undefined && TAKES_LIST.includes(op) ? { values } : {}),
    }))

const test: fc.Arbitrary<Test> = fc.constantFrom(...SUITABLE).chain(testOf)

function conditions(segments: readonly string[]): fc.Arbitrary<Condition> {
  const { condition } = fc.letrec<{ condition: Condition }>(tie => {
    const parts = fc.array(tie('condition'), { maxLength: 3 })
    const leaves = segments.length > 0 ? [fc.constantFrom(...segments).map(segment => ({ segment }))] : []
    return {
      condition: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        test,
        ...leaves,
        parts.map(all => ({ all })),
        parts.map(any => ({ any })),
        tie('condition').map(not => ({ not })),
      ),
    }
  })
  return condition
}

const optional: { requiredKeys: [] } = { requiredKeys: [] }
const unit = fc.constantFrom(...UNITS)
const percent = fc.oneof(
  fc.constantFrom(0, 5, 50, 100),
  fc.integer({ min: 0, max: 100_000 }).map(n => n / 1000),
)
const variant = fc.constantFrom('a', 'b', 'constructor')
const weights = fc.array(fc.tuple(variant, fc.oneof(fc.nat(100), fc.constantFrom(0, 0.1, 0.7))), {
  minLength: 1,
  maxLength: 4,
})

const scheme = fc.constantFrom<HashSchemeName>(
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
)
const hash = fc
  .tuple(scheme, fc.record({ salt: fc.constantFrom('', 'exp-1', 'Ünïcode') }, optional))
  .map(([name, salt]) => ({ scheme: name, ...salt }))
const wholeWeights = fc
  .array(fc.tuple(variant, fc.constantFrom(0, 1, 10, 30, 50)), { minLength: 1, maxLength: 4 })
  .filter(arms => arms.some(([, weight]) => weight > 0))

function splitOf(
  of: string,
  arms: readonly (readonly [string, number])[],
  extra: { readonly hash?: Hash } = {},
): Serve {
  return { split: { unit: of, arms: arms.map(([key, weight]) => ({ variant: key, weight })), ...extra } }
}

const serve: fc.Arbitrary<Serve> = fc.oneof(
  variant.map(key => ({ variant: key })),
  fc
    .tuple(
      unit,
      weights.filter(arms => arms.some(([, weight]) => weight > 0)),
    )
    .map(([of, arms]) => splitOf(of, arms)),
  fc.tuple(unit, wholeWeights, hash).map(([of, arms, some]) => splitOf(of, arms, { hash: some })),
)

const share = fc.oneof(
  { arbitrary: fc.record({ unit, percent }), weight: 3 },
  fc.record({ unit, percent: fc.constantFrom(0, 5, 35, 50, 100), hash }),
)
const someShare = fc.record({ share }, optional)

const schedule = fc.record(
  {
    from: fc.constantFrom('2023-05-01', '2025-01-01T00:00:00Z'),
    until: fc.constantFrom('2026-02-28', '2026-06-30T23:59:60+02:00'),
  },
  optional,
)
const sometimes = fc.oneof({ arbitrary: fc.constant({}), weight: 3 }, schedule)

const anyRule = fc
  .tuple(fc.record({ when: conditions(SEGMENTS) }, optional), someShare, serve, sometimes)
  .map(([when, share, what, times]) => ({ ...when, ...share, ...times, serve: what }))

/** What several rules of one flag ask, so that it is folded too. */
const edge = fc.oneof(
  testOf(['endsWith', ['country']]),
  testOf(['startsWith', ['country']]),
  testOf(['gte', ['seats']]),
)

/** A rule of the kind that is folded into a look-up: "plan is pro, and perhaps more". */
const rulesByPlan = fc
  .tuple(word, fc.option(fc.oneof(test, edge)), someShare, serve, sometimes)
  .map(([value, more, share, what, times]) => {
    const plan: Test = { attribute: 'plan', op: 'equals', value }
    return { when: more === null ? plan : { all: [plan, more] }, ...share, ...times, serve: what }
  })

const rules: fc.Arbitrary<readonly Rule[]> = fc
  .oneof(
    { arbitrary: fc.array(anyRule, { maxLength: 6 }), weight: 4 },
    fc.array(fc.oneof({ arbitrary: rulesByPlan, weight: 4 }, anyRule), { minLength: 9, maxLength: 14 }),
  )
  .map(list => list.map((one, index) => ({ ...one, id: `r${index}` })))

/** A flag with the given prerequisites to choose from. */
function flags(key: string, others: readonly string[]): fc.Arbitrary<Flag> {
  const variants = fc.uniqueArray(variant, { minLength: 1 })
  const prerequisite =
    others.length === 0
      ? fc.constant([])
      : fc.array(fc.record({ flag: fc.constantFrom(...others), variants }), { maxLength: 2 })
  return fc
    .record({
      salt: fc.string({ minLength: 1, maxLength: 6, unit: 'grapheme' }),
      version: fc.nat(),
      on: fc.integer({ min: 0, max: 9 }).map(n => n > 0),
      offVariant: variant,
      prerequisites: prerequisite,
      rules,
      fallthrough: serve,
    })
    .map(parts => flagOf(key, { type: 'string', variants: { a: 'A', b: 'B', constructor: '😀' }, ...parts }))
}

const ids = ['acme', 'globex', '7', 'Ünïcode-id', '😀']

function segments(): fc.Arbitrary<Readonly<Record<string, Segment>>> {
  const some = fc.record({ unit, ids: fc.subarray(ids) })
  const list = fc.record({ list: some, exclude: some }, optional)
  const segment = (key: string, others: readonly string[]) =>
    fc
      .tuple(fc.record({ when: conditions(others) }, optional), list)
      .map(([when, lists]) => ({ key, ...when, ...lists }))
  return fc.record({
    pilots: segment('pilots', []),
    staff: segment('staff', ['pilots']),
    nested: segment('nested', ['staff', 'pilots']),
  })
}

export const FLAG_KEYS: readonly string[] = ['one', 'two', 'three', 'constructor']

/** Rulesets that validate: four flags that may depend on those before them, three segments that may nest. */
export const anyRuleset: fc.Arbitrary<Ruleset> = fc
  .tuple(fc.tuple(...FLAG_KEYS.map((key, index) => flags(key, FLAG_KEYS.slice(0, index)))), segments(), fc.nat())
  .map(([some, segmentsByKey, version]) =>
    rulesetOf(some, { version, segments: segmentsByKey, units: { device: 'device.id' } }),
  )

const unitId = fc.oneof(fc.constantFrom<unknown>(...ids, 7, '', null, 1.5, -0), fc.string())
const attribute = fc.oneof(
  scalar,
  fc.constantFrom<unknown>(...DATES, ...EMAILS, null, [], {}, Number.NaN, Number.POSITIVE_INFINITY),
  fc.array(fc.oneof(scalar, fc.constantFrom<unknown>(...EMAILS, null, [])), { maxLength: 3 }),
)

/** Mostly what the attribute is for, sometimes anything. */
function mostly<T>(usual: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc.oneof({ arbitrary: usual, weight: 4 }, attribute)
}

const ordinary = {
  accountId: unitId,
  userId: unitId,
  sessionId: unitId,
  device: fc.oneof(fc.record({ id: unitId }), fc.constant('device')),
  company: fc.record({ size: mostly(number) }),
  a: fc.record({ b: mostly(word) }),
  'a.b': mostly(word),
  plan: mostly(word),
  country: mostly(word),
  seats: mostly(number),
  roles: mostly(fc.array(word, { maxLength: 3 })),
  email: mostly(fc.constantFrom(...EMAILS)),
  createdAt: mostly(fc.constantFrom(...DATES)),
  version: mostly(fc.constantFrom(...VERSIONS)),
  ip: mostly(fc.constantFrom(...ADDRESSES)),
  constructor: mostly(word),
}

/** Contexts that fit the rulesets above. An own `__proto__` is added the way `JSON.parse` does it. */
export const anyContext: fc.Arbitrary<Readonly<Record<string, unknown>>> = fc
  .tuple(fc.record(ordinary, { requiredKeys: [] }), fc.option(attribute))
  .map(([context, proto]) =>
    Object.fromEntries([...Object.entries(context), ...(proto === null ? [] : [['__proto__', proto] as const])]),
  )

/** Any JSON at all, with names that are dangerous in JavaScript. */
export const anyJson: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue(),
  fc.dictionary(
    fc.constantFrom('__proto__', 'constructor', 'toString', 'accountId', 'userId', 'device', 'plan'),
    fc.jsonValue(),
  ),
)

/** An instant of the years around the dates in the pools. */
export const anyNow: fc.Arbitrary<number> = fc.integer({ min: Date.UTC(2023, 0, 1), max: Date.UTC(2027, 0, 1) })
