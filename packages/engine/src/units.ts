import { type AttributeReader, type Attributes, attributeReader, ownAmong, PLAIN } from './attributes.ts'
import { BUILT_IN_UNITS, type BuiltInUnit, type UnitName } from './model.ts'

/** Reads the id of one unit. Undefined when the context has none. */
export type UnitReader = (context: Attributes) => string | undefined

const hasOwn = Object.hasOwn

/** A non-empty string as it is; a whole number up to 2^53 - 1 as its decimal digits; nothing else is an id. */
function unitId(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value
  return Number.isSafeInteger(value) ? String(value) : undefined
}

/** Written out because a property that is named in the code is read several times faster than `context[name]`. */
const builtInReaders: Readonly<Record<BuiltInUnit, UnitReader>> = {
  account: context => unitId(ownAmong(context.accountId, PLAIN.accountId, context, 'accountId')),
  user: context => unitId(ownAmong(context.userId, PLAIN.userId, context, 'userId')),
  organization: context => unitId(ownAmong(context.organizationId, PLAIN.organizationId, context, 'organizationId')),
  session: context => unitId(ownAmong(context.sessionId, PLAIN.sessionId, context, 'sessionId')),
  request: context => unitId(ownAmong(context.requestId, PLAIN.requestId, context, 'requestId')),
}

/** True for a unit that every project has. */
export function isBuiltInUnit(unit: UnitName): unit is BuiltInUnit {
  return hasOwn(BUILT_IN_UNITS, unit)
}

/** The context attribute that identifies a unit; undefined when nobody declared it. `units` as in `Ruleset.units`. */
export function unitAttribute(unit: UnitName, units: Readonly<Record<string, string>>): string | undefined {
  if (isBuiltInUnit(unit)) return BUILT_IN_UNITS[unit]
  return hasOwn(units, unit) ? units[unit] : undefined
}

/** A reader for a unit's id; undefined when nobody declared the unit. */
export function unitReader(unit: UnitName, units: Readonly<Record<string, string>>): UnitReader | undefined {
  if (isBuiltInUnit(unit)) return builtInReaders[unit]
  const attribute = unitAttribute(unit, units)
  if (attribute === undefined) return undefined
  const read: AttributeReader = attributeReader(attribute)
  return context => unitId(read(context))
}

/** What to tell somebody who named a unit that is not there: which there are. */
export const noSuchUnit = (unit: UnitName, custom: Readonly<Record<string, string>>): string =>
  `there is no unit "${unit}", only ${[...Object.keys(BUILT_IN_UNITS), ...Object.keys(custom)].join(', ')}`
