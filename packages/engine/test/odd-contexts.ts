import fc from 'fast-check'
import { anyContext } from './arbitraries.ts'

/** Contexts that are no plain objects, and some that throw when they are read. */

/** Ways in which an application may hand in what it knows. Each has the given attributes, and only those, of its own. */
const SHAPES: readonly ((own: Readonly<Record<string, unknown>>) => object)[] = [
  own => withOwn(Object.create(null), own),
  own => withOwn(Object.create({ plan: 'pro', accountId: 'acme', country: 'US', device: { id: '7' } }), own),
  own => withOwn(new Account(), own),
  own => withOwn(new Date(0), own),
  own => withOwn(new Map([['plan', 'pro']]), own),
  own => withOwn(Object.create(Account.prototype), own, true),
  own => withOwn({}, own, true),
  own => Object.freeze(withOwn({}, own)),
  own => new Proxy(withOwn({}, own), {}),
]

/** What a model class may look like: nothing in it is an own property. */
class Account {
  get plan(): string {
    return 'pro'
  }
  get accountId(): string {
    return 'acme'
  }
  seats(): number {
    return 5
  }
}

function withOwn(object: object, own: Readonly<Record<string, unknown>>, asGetters = false): object {
  for (const [key, value] of Object.entries(own)) {
    const how = asGetters ? { get: () => value } : { value, writable: true }
    Object.defineProperty(object, key, { ...how, enumerable: true, configurable: true })
  }
  return object
}

/** A context, and another object that has the same attributes of its own but not the same shape. */
export const anyTwins: fc.Arbitrary<readonly [context: Readonly<Record<string, unknown>>, twin: object]> = fc
  .tuple(anyContext, fc.constantFrom(...SHAPES))
  .map(([context, shape]) => [context, shape(context)])

const refuse = (): never => {
  throw new Error('this must not be looked at')
}

/** Ways in which reading an object can throw, in one attribute or altogether. */
const HOSTILE: readonly ((own: Readonly<Record<string, unknown>>, key: string) => object)[] = [
  (own, key) => Object.defineProperty(withOwn({}, own), key, { get: refuse, enumerable: true }),
  own => new Proxy({ ...own }, { get: refuse }),
  own => new Proxy({ ...own }, { getOwnPropertyDescriptor: refuse }),
  own => new Proxy({ ...own }, { getPrototypeOf: refuse }),
  own => {
    const { proxy, revoke } = Proxy.revocable({ ...own }, {})
    revoke()
    return proxy
  },
]

/** A context, and another object that has the same attributes of its own, unless it throws when they are read. */
export const anyHostile: fc.Arbitrary<readonly [context: Readonly<Record<string, unknown>>, hostile: object]> = fc
  .tuple(anyContext, fc.constantFrom(...HOSTILE), fc.nat())
  .map(([context, make, pick]) => {
    const keys = Object.keys(context)
    return [context, make(context, keys[pick % Math.max(1, keys.length)] ?? 'plan')] as const
  })
