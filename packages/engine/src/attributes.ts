/** A context as it arrives: an object of which nothing else is known. */
export type Attributes = Readonly<Record<string, unknown>>

/** Reads one attribute. Undefined or null when there is none. */
export type AttributeReader = (context: Attributes) => unknown

const hasOwn = Object.hasOwn

/** A JSON object: not null, not an array. */
export function isObject(value: unknown): value is Attributes {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Only own properties count, so that `constructor` and `__proto__` are attributes like any other. */
export function ownValue(object: Attributes, key: string): unknown {
  const value = object[key]
  return value !== undefined && hasOwn(object, key) ? value : undefined
}

function walk(context: Attributes, keys: readonly string[]): unknown {
  let value: unknown = context
  for (const key of keys) {
    if (!isObject(value)) return undefined
    value = ownValue(value, key)
  }
  return value
}

/** A reader for a dotted path. An attribute whose own name is the whole path, dots included, comes first. */
export function attributeReader(path: string): AttributeReader {
  if (!path.includes('.')) return context => ownValue(context, path)
  const keys = path.split('.')
  return context => ownValue(context, path) ?? walk(context, keys)
}
