import {
  type Attributes,
  BUILT_IN_UNITS,
  type Json,
  type UnitName,
  type UnitReader,
  unitReader,
  withoutAttributes,
} from '@dimmer/engine'
import type { UnitIds } from '@dimmer/protocol'
import { isSendableText } from '@dimmer/sdk-core'

/** The units of a project and how to find their ids in a context; and what of a context stays here. */
export class Units {
  readonly #readers = new Map<UnitName, UnitReader>()
  readonly #attributes: ReadonlySet<string>
  readonly #hidden: readonly string[]

  /** `custom` as `Ruleset.units`, `hidden` as `Ruleset.privateAttributes`. */
  constructor(custom: Readonly<Record<string, string>>, hidden: readonly string[] = []) {
    this.#hidden = hidden
    const attributes = { ...custom, ...BUILT_IN_UNITS }
    this.#attributes = new Set(Object.values(attributes))
    for (const unit of Object.keys(attributes)) {
      const reader = unitReader(unit, custom)
      if (reader !== undefined) this.#readers.set(unit, reader)
    }
  }

  reader(unit: UnitName): UnitReader | undefined {
    return this.#readers.get(unit)
  }

  /** The ids of all units that the context names. */
  idsOf(context: Attributes): UnitIds {
    const ids: UnitIds = {}
    for (const [unit, read] of this.#readers) {
      const id = read(context)
      if (id !== undefined && isSendableText(id)) ids[unit] = id
    }
    return ids
  }

  /** True if the attribute must not be sent as a whole. */
  isPrivate(attribute: string): boolean {
    return this.#hidden.includes(attribute)
  }

  withoutPrivate(attributes: Readonly<Record<string, Json>>): Record<string, Json> {
    return { ...withoutAttributes(attributes, this.#hidden) }
  }

  /** True if the attribute is, as a whole, the id of a unit. */
  isUnitAttribute(attribute: string): boolean {
    return this.#attributes.has(attribute)
  }
}
