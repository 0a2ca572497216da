import { BUILT_IN_UNITS, type UnitName } from '@dimmer/engine'
import type { UnitIds } from '@dimmer/protocol'

/** Reads a unit's id from a context; undefined when it has none. */
export type UnitReader = (context: Attributes) => string | undefined

/** A context of which nothing else is known. */
export type Attributes = Readonly<Record<string, unknown>>

/** Longest unit id that the server takes. */
const MAX_ID_LENGTH = 200

const hasOwn = Object.hasOwn

function ownValue(object: unknown, key: string): unknown {
  return isAttributes(object) && hasOwn(object, key) ? object[key] : undefined
}

/** True for anything that has attributes. */
export function isAttributes(value: unknown): value is Attributes {
  return typeof value === 'object' && value !== null
}

function toId(value: unknown): string | undefined {
  const id = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value
  return typeof id === 'string' && id !== '' && id.length <= MAX_ID_LENGTH ? id : undefined
}

function readerOf(path: string): UnitReader {
  // Read before it is checked: for the contexts of one app, all made alike, that is several times as fast.
  if (!path.includes('.'))
    return context => toId(context[path] !== undefined && hasOwn(context, path) ? context[path] : undefined)
  const keys = path.split('.')
  return context => toId(ownValue(context, path) ?? keys.reduce(ownValue, context))
}

/** The units of a project, and how to find their ids in a context. */
export class Units {
  readonly #readers: ReadonlyMap<UnitName, UnitReader>
  readonly #attributes: ReadonlySet<string>

  /** `custom`: as `Ruleset.units`. */
  constructor(custom: Readonly<Record<string, string>>) {
    const attributes = { ...custom, ...BUILT_IN_UNITS }
    this.#readers = new Map(Object.entries(attributes).map(([unit, path]) => [unit, readerOf(path)]))
    this.#attributes = new Set(Object.values(attributes))
  }

  reader(unit: UnitName): UnitReader | undefined {
    return this.#readers.get(unit)
  }

  /** The ids of all units that the context names. */
  idsOf(context: Attributes): UnitIds {
    const ids: UnitIds = {}
    for (const [unit, read] of this.#readers) {
      const id = read(context)
      if (id !== undefined) ids[unit] = id
    }
    return ids
  }

  /** True if the attribute is, as a whole, the id of a unit. */
  isUnitAttribute(attribute: string): boolean {
    return this.#attributes.has(attribute)
  }
}
