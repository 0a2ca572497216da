import { BUILT_IN_UNITS, type UnitName } from '@dimmer/engine'
import type { UnitIds } from '@dimmer/protocol'

/** Reads a unit's id from a context; undefined when it has none. */
export type UnitReader = (context: object) => string | undefined

/** Longest unit id that the server takes. */
const MAX_ID_LENGTH = 200

function own(object: object, key: string): unknown {
  return Object.hasOwn(object, key) ? Reflect.get(object, key) : undefined
}

function at(context: object, path: string): unknown {
  const whole = own(context, path)
  if (whole !== undefined || !path.includes('.')) return whole
  let value: unknown = context
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined
    value = own(value, key)
  }
  return value
}

function toId(value: unknown): string | undefined {
  const id = Number.isSafeInteger(value) ? String(value) : value
  return typeof id === 'string' && id !== '' && id.length <= MAX_ID_LENGTH ? id : undefined
}

/** The units of a project, and how to find their ids in a context. */
export class Units {
  readonly #attributes: ReadonlyMap<UnitName, string>

  /** `custom`: as `Ruleset.units`. */
  constructor(custom: Readonly<Record<string, string>>) {
    this.#attributes = new Map([...Object.entries(custom), ...Object.entries(BUILT_IN_UNITS)])
  }

  reader(unit: UnitName): UnitReader | undefined {
    const path = this.#attributes.get(unit)
    return path === undefined ? undefined : context => toId(at(context, path))
  }

  /** The ids of all units that the context names. */
  idsOf(context: object): UnitIds {
    const ids: UnitIds = {}
    for (const [unit, path] of this.#attributes) {
      const id = toId(at(context, path))
      if (id !== undefined) ids[unit] = id
    }
    return ids
  }

  /** True if the attribute is, as a whole, the id of a unit. */
  isUnitAttribute(attribute: string): boolean {
    return [...this.#attributes.values()].includes(attribute)
  }
}
