/** A context as it arrives: an object of which nothing else is known. */
export type Attributes = Readonly<Record<string, unknown>>

/** Reads one attribute. Undefined or null when there is none. */
export type AttributeReader = (context: Attributes) => unknown

const hasOwn = Object.hasOwn
/** What plain objects inherit from. */
export const PLAIN: Readonly<Record<string, unknown>> = Object.prototype as never

/** A JSON object: not null, not an array. */
export function isObject(value: unknown): value is Attributes {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Only own properties count, so that `constructor` and `__proto__` are attributes like any other. */
function ownValue(object: Attributes, key: string): unknown {
  const value = object[key]
  return value !== undefined && hasOwn(object, key) ? value : undefined
}

/** How many names get a place of their own in `readSlot`. */
const SLOTS = 16
const slots = new Map<string, number>()

/** The slot for reading an attribute. The first names that a process compiles get the fast ones. */
export function slotOf(attribute: string): number {
  const known = slots.get(attribute)
  if (known !== undefined) return known
  const slot = Math.min(slots.size, SLOTS)
  if (slot < SLOTS) slots.set(attribute, slot)
  return slot
}

/**
 * `context[key]`, own or not. Written out because V8 remembers for each place in the code which name is read there and
 * where in the object it was: a place that reads one name takes a third of the time of one that reads all of them.
 */
export function readSlot(slot: number, context: Attributes, key: string): unknown {
  switch (slot) {
    case 0:
      return context[key]
    case 1:
      return context[key]
    case 2:
      return context[key]
    case 3:
      return context[key]
    case 4:
      return context[key]
    case 5:
      return context[key]
    case 6:
      return context[key]
    case 7:
      return context[key]
    case 8:
      return context[key]
    case 9:
      return context[key]
    case 10:
      return context[key]
    case 11:
      return context[key]
    case 12:
      return context[key]
    case 13:
      return context[key]
    case 14:
      return context[key]
    case 15:
      return context[key]
    default:
      return context[key]
  }
}

/**
 * Whether what `readSlot` gave is the context's own: nothing else can be, when the context is a plain object and plain
 * objects have nothing under that name. `hasOwn` takes several times as long as all the rest of a test.
 */
export function isOwn(slot: number, context: Attributes, key: string): boolean {
  // biome-ignore lint/suspicious/noProto: V8 does this in a tenth of the time of Object.getPrototypeOf
  return (context.__proto__ === PLAIN && readSlot(slot, PLAIN, key) === undefined) || hasOwn(context, key)
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
