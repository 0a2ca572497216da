import type { Attributes, Directory } from '@dimmer/engine'
import type { AttributeView } from '@dimmer/protocol'

type Scalar = string | number | boolean
type ScalarType = AttributeView['types'][number]

/** Of more units than this only every second, third ... is looked at. */
const MOST_LOOKED_AT = 20_000
const MOST_PATHS = 300
const MOST_DEPTH = 3
const MOST_EXAMPLES = 20
/** Beyond so many different values, further ones are not counted: the attribute is an id, a name or a time. */
const MOST_COUNTED = 200
const LONGEST_EXAMPLE = 100

interface Profile {
  units: number
  list: boolean
  readonly types: Set<ScalarType>
  readonly values: Map<Scalar, number>
}

function typeOf(value: unknown): ScalarType | undefined {
  if (typeof value === 'string') return 'text'
  if (typeof value === 'boolean') return 'boolean'
  return typeof value === 'number' ? 'number' : undefined
}

const isScalar = (value: unknown): value is Scalar => typeOf(value) !== undefined

function count(profile: Profile, value: unknown): void {
  if (!isScalar(value)) return
  const type = typeOf(value)
  if (type !== undefined) profile.types.add(type)
  if (typeof value === 'string' && value.length > LONGEST_EXAMPLE) return
  const known = profile.values.get(value)
  if (known !== undefined || profile.values.size < MOST_COUNTED) profile.values.set(value, (known ?? 0) + 1)
}

function profileOf(profiles: Map<string, Profile>, path: string): Profile | undefined {
  const known = profiles.get(path)
  if (known !== undefined || profiles.size >= MOST_PATHS) return known
  const profile: Profile = { units: 0, list: false, types: new Set(), values: new Map() }
  profiles.set(path, profile)
  return profile
}

function look(profiles: Map<string, Profile>, attributes: Attributes, at: { prefix: string; depth: number }): void {
  for (const [key, value] of Object.entries(attributes)) {
    const path = at.prefix + key
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      if (at.depth < MOST_DEPTH) look(profiles, value as Attributes, { prefix: `${path}.`, depth: at.depth + 1 })
      continue
    }
    const profile = profileOf(profiles, path)
    if (profile === undefined || value === null) continue
    profile.units++
    if (!Array.isArray(value)) count(profile, value)
    else {
      profile.list = true
      for (const element of value) count(profile, element)
    }
  }
}

function describe(
  unit: AttributeView['unit'],
  rows: readonly Attributes[],
): readonly (AttributeView & { units: number })[] {
  const profiles = new Map<string, Profile>()
  const step = Math.ceil(rows.length / MOST_LOOKED_AT)
  for (let index = 0; index < rows.length; index += step) look(profiles, rows[index] ?? {}, { prefix: '', depth: 1 })
  return [...profiles].map(([path, { units, list, types, values }]) => ({
    path,
    unit,
    units,
    list,
    types: [...types],
    examples: [...values]
      .sort(([, a], [, b]) => b - a)
      .slice(0, MOST_EXAMPLES)
      .map(([value]) => value),
  }))
}

const described = new WeakMap<Directory, readonly AttributeView[]>()

/** What the accounts and users of a directory are known by, the most common first. Worked out once per directory. */
export function describeAttributes(directory: Directory): readonly AttributeView[] {
  const known = described.get(directory)
  if (known !== undefined) return known
  const all = [...describe('account', directory.accountAttributes), ...describe('user', directory.userAttributes)]
  const views = all.sort((a, b) => b.units - a.units).map(({ units: _, ...view }) => view)
  described.set(directory, views)
  return views
}
