import type { Attributes } from '@dimmer/engine'
import type { Identify, Track, UnitIds } from '@dimmer/protocol'
import { goodTrackOptions, isSendableText, type TrackOptions } from '@dimmer/sdk-core'
import { unsendableInJson } from './sendable.ts'
import type { Units } from './unit-ids.ts'

/** An event as the server takes it, or what is wrong with it; `notes` say what had to be left out. */
export type Checked<T> = { readonly event: T; readonly notes: readonly string[] } | { readonly wrong: string }

const MAX_ATTRIBUTE_NAME = 100
const MAX_ATTRIBUTES_LENGTH = 16_384

function isAttributes(value: unknown): value is Attributes {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function unitsOf(context: unknown, units: Units): UnitIds | string {
  if (!isAttributes(context)) return 'the context is not an object'
  const ids = units.idsOf(context)
  return Object.keys(ids).length > 0
    ? ids
    : 'the context has no unit id (accountId, userId, ...), so it belongs to nobody'
}

const isText = (value: unknown): value is string => value !== '' && isSendableText(value)

export interface TrackInput {
  readonly name: string
  readonly context: unknown
  readonly options: TrackOptions
  readonly at: number
}

/** What is given may run code of the application when it is read. */
function safely<T>(check: () => Checked<T>): Checked<T> {
  try {
    return check()
  } catch (error) {
    return { wrong: `what was given can't be read: ${String(error)}` }
  }
}

/** Checks a `track`. A bad option is left out, because the rest still counts. */
export const checkTrack = (input: TrackInput, units: Units): Checked<Track> => safely(() => trackOf(input, units))

/** Checks an `identify`: the context's unit ids, and what else it has as JSON. */
export const checkIdentify = (context: unknown, at: number, units: Units): Checked<Identify> =>
  safely(() => identifyOf(context, at, units))

function trackOf({ name, context, options, at }: TrackInput, units: Units): Checked<Track> {
  if (!isText(name)) return { wrong: 'a name has 1 to 200 characters, none of them NUL or broken Unicode' }
  const ids = unitsOf(context, units)
  if (typeof ids === 'string') return { wrong: ids }
  const good = goodTrackOptions(options ?? {})
  const given = Object.entries(options ?? {}).filter(([, value]) => value !== undefined)
  const notes = given.flatMap(([key]) => (Object.hasOwn(good, key) ? [] : [`"${key}" has a value that can't be sent`]))
  return { event: { ...good, name, at, units: ids }, notes }
}

function identifyOf(context: unknown, at: number, units: Units): Checked<Identify> {
  const ids = unitsOf(context, units)
  if (typeof ids === 'string') return { wrong: ids }
  const attributes = Object.entries(Object(context)).filter(
    ([name]) =>
      name !== 'targetingKey' &&
      name !== '' &&
      name.length <= MAX_ATTRIBUTE_NAME &&
      !units.isUnitAttribute(name) &&
      !units.isPrivate(name),
  )
  try {
    // A copy, so that it stays as it was when the app changes its object later.
    const text = JSON.stringify(Object.fromEntries(attributes))
    if (text.length > MAX_ATTRIBUTES_LENGTH) {
      return { wrong: `the attributes are longer than ${MAX_ATTRIBUTES_LENGTH} characters as JSON` }
    }
    const unsendable = unsendableInJson(text)
    if (unsendable !== undefined) return { wrong: `the attributes ${unsendable}` }
    return { event: { at, units: ids, attributes: units.withoutPrivate(JSON.parse(text)) }, notes: [] }
  } catch (error) {
    return { wrong: `the attributes can't be written as JSON: ${String(error)}` }
  }
}
