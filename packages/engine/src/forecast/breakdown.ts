import { type Attributes, attributeReader } from '../attributes.ts'
import type { Directory } from './directory.ts'
import type { AttributeValue, Biggest, BigUnit, Breakdown, BreakdownRow, DirectoryUnit } from './forecast-types.ts'
import type { UnitChanges } from './unit-changes.ts'

const MOST_ROWS = 50
const MOST_BIG = 10
/** An attribute with more values than this is not broken down by unless asked for. */
const MOST_VALUES = 12
const MOST_CHOSEN = 3
const SIZES: readonly string[] = ['mrr', 'arr', 'revenue', 'seats']

type Counts = { -readonly [K in Exclude<keyof BreakdownRow, 'value'>]: number }

function singleValue(value: unknown): AttributeValue | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}

/** Who has an attribute of their own: accounts, else users. Accounts too when nobody has it. */
export function unitWith({ accountAttributes, userAttributes }: Directory, attribute: string): DirectoryUnit {
  const read = attributeReader(attribute)
  const has = (attributes: Attributes) => singleValue(read(attributes)) !== null
  return !accountAttributes.some(has) && userAttributes.some(has) ? 'user' : 'account'
}

/** Counts the units by the values of one attribute. */
export function breakDown(changes: UnitChanges, attribute: string): Breakdown {
  const read = changes.units.reader(attribute)
  const groups = new Map<AttributeValue | null, Counts>()
  for (let index = 0; index < changes.units.count; index++) {
    const value = singleValue(read(index))
    const known = groups.get(value)
    const counts = known ?? { all: 0, before: 0, after: 0, gains: 0, losses: 0 }
    if (known === undefined) groups.set(value, counts)
    const kind = changes.kindOf(index)
    counts.all++
    counts.before += changes.before[index] ?? 0
    counts.after += changes.after[index] ?? 0
    if (kind === 'gains' || kind === 'losses') counts[kind]++
  }
  const rows = [...groups].map(([value, counts]) => ({ value, ...counts })).sort((a, b) => b.all - a.all)
  return {
    unit: changes.units.unit,
    attribute,
    rows: rows.slice(0, MOST_ROWS),
    moreValues: Math.max(0, rows.length - MOST_ROWS),
  }
}

/** The accounts that matter most by a number, among those gained and lost. */
export function biggest(changes: UnitChanges, attribute: string): Biggest {
  const read = changes.units.reader(attribute)
  const found: Record<'gains' | 'losses', { index: number; value: number }[]> = { gains: [], losses: [] }
  for (let index = 0; index < changes.units.count; index++) {
    const kind = changes.kindOf(index)
    if (kind !== 'gains' && kind !== 'losses') continue
    const value = read(index)
    if (typeof value === 'number' && Number.isFinite(value)) found[kind].push({ index, value })
  }
  const largest = (list: { index: number; value: number }[]): BigUnit[] =>
    list
      .sort((a, b) => b.value - a.value)
      .slice(0, MOST_BIG)
      .map(({ index, value }) => ({ ...changes.units.named(index), value }))
  const total = (list: { value: number }[]) => list.reduce((soFar, { value }) => soFar + value, 0)
  return {
    attribute,
    gainedTotal: total(found.gains),
    lostTotal: total(found.losses),
    gained: largest(found.gains),
    lost: largest(found.losses),
  }
}

/** What units can sensibly be told apart by. */
export interface AttributeChoice {
  /** Attributes with a few values, `plan` first if there is one; of users where accounts have none that would do. */
  readonly by: readonly string[]
  /** The number that makes an account big. */
  readonly biggestBy: string | undefined
}

interface Profile {
  units: number
  numbers: number
  readonly values: Set<unknown>
}

function profiles(rows: readonly Readonly<Record<string, unknown>>[]): Map<string, Profile> {
  const all = new Map<string, Profile>()
  for (const attributes of rows) {
    for (const key of Object.keys(attributes)) {
      const value = singleValue(attributes[key])
      if (value === null) continue
      const known = all.get(key)
      const profile = known ?? { units: 0, numbers: 0, values: new Set() }
      if (known === undefined) all.set(key, profile)
      profile.units++
      if (typeof value === 'number') profile.numbers++
      else if (profile.values.size <= MOST_VALUES) profile.values.add(value)
    }
  }
  return all
}

/** Attributes that tell units apart, and that at least half of them have. */
function telling(all: ReadonlyMap<string, Profile>, count: number): readonly string[] {
  return [...all]
    .filter(([, { units, numbers, values }]) => {
      return numbers === 0 && values.size > 1 && values.size <= MOST_VALUES && units * 2 >= count
    })
    .map(([key]) => key)
    .sort((a, b) => Number(b === 'plan') - Number(a === 'plan'))
    .slice(0, MOST_CHOSEN)
}

/** Chooses from what the directory holds. */
export function chooseAttributes(directory: Directory): AttributeChoice {
  const { accountAttributes, userAttributes } = directory
  const ofAccounts = profiles(accountAttributes)
  const biggestBy = SIZES.find(key => (ofAccounts.get(key)?.numbers ?? 0) > 0)
  const by = telling(ofAccounts, accountAttributes.length)
  if (by.length > 0) return { by, biggestBy }
  return { by: telling(profiles(userAttributes), userAttributes.length), biggestBy }
}

/** The value of `attribute` whose units have the greatest mean of `number`: the ones that people ask about first. */
export function mostValuable(changes: UnitChanges, attribute: string, number: string): AttributeValue | undefined {
  const [readValue, readNumber] = [changes.units.reader(attribute), changes.units.reader(number)]
  const groups = new Map<AttributeValue, { sum: number; units: number }>()
  for (let index = 0; index < changes.units.count; index++) {
    const value = singleValue(readValue(index))
    const size = readNumber(index)
    if (value === null || typeof size !== 'number' || !Number.isFinite(size)) continue
    const known = groups.get(value)
    const group = known ?? { sum: 0, units: 0 }
    if (known === undefined) groups.set(value, group)
    group.sum += size
    group.units++
  }
  const mean = ({ sum, units }: { sum: number; units: number }) => sum / units
  return [...groups].sort(([, a], [, b]) => mean(b) - mean(a))[0]?.[0]
}
