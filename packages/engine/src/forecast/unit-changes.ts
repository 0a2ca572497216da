import type { AttributeReader } from '../attributes.ts'
import { attributeReader } from '../attributes.ts'
import type { Evaluation } from '../evaluation.ts'
import type { VariantKey } from '../model.ts'
import type { Directory } from './directory.ts'
import type { ChangeKind, DirectoryUnit, ForecastGroup, NamedUnit, UnitForecast } from './forecast-types.ts'
import { accountRow, type Probe } from './probe.ts'

type RowTest = (row: number) => boolean

const KINDS: readonly ChangeKind[] = ['unchanged', 'gains', 'losses', 'switched']

const readName = attributeReader('name')

/** The units of one kind, and the rows that speak for each: users speak for themselves and for their account. */
export class Units {
  readonly unit: DirectoryUnit
  readonly count: number
  private readonly directory: Directory

  constructor(directory: Directory, unit: DirectoryUnit) {
    this.directory = directory
    this.unit = unit
    this.count = (unit === 'account' ? directory.accountIds : directory.userIds).length
  }

  /** First row, and the row after the last. */
  private firstRow(index: number): number {
    if (this.unit === 'user') return index
    const { firstUser } = this.directory
    const first = firstUser[index] ?? 0
    return first === firstUser[index + 1] ? accountRow(this.directory, index) : first
  }

  private endRow(index: number, first: number): number {
    const alone = this.unit === 'user' || first >= this.directory.userIds.length
    return alone ? first + 1 : (this.directory.firstUser[index + 1] ?? first)
  }

  /** True when any of the unit's rows passes. */
  any(index: number, test: RowTest): boolean {
    const first = this.firstRow(index)
    const end = this.endRow(index, first)
    for (let row = first; row < end; row++) if (test(row)) return true
    return false
  }

  /** The number that `numbers` gives to all rows of the unit; -1 when they disagree. */
  common(index: number, column: Int32Array, numbers: Int32Array): number {
    const first = this.firstRow(index)
    const end = this.endRow(index, first)
    const common = numbers[column[first] ?? 0] ?? 0
    for (let row = first + 1; row < end; row++) if (numbers[column[row] ?? 0] !== common) return -1
    return common
  }

  countWhere(test: RowTest): number {
    let count = 0
    for (let index = 0; index < this.count; index++) if (this.any(index, test)) count++
    return count
  }

  named(index: number): NamedUnit {
    const { directory, unit } = this
    const id = (unit === 'account' ? directory.accountIds : directory.userIds)[index] ?? ''
    const own = unit === 'account' ? directory.accountAttributes : directory.userAttributes
    const name = readName(own[index] ?? {})
    return typeof name === 'string' && name !== '' ? { id, name } : { id }
  }

  /** Gives each unit's value of an attribute; a user without it has that of the account. Asked in order. */
  reader(attribute: string): (index: number) => unknown {
    const read = attributeReader(attribute)
    const { accountAttributes, userAttributes } = this.directory
    if (this.unit === 'account') return index => read(accountAttributes[index] ?? {})
    const accounts = this.accountsOfUsers()
    return index => read(userAttributes[index] ?? {}) ?? ofAccount(read, accountAttributes[accounts[index] ?? -1])
  }

  private accountsOfUsers(): Int32Array {
    const { accountIds, userIds, firstUser } = this.directory
    const accounts = new Int32Array(userIds.length).fill(-1)
    for (let account = 0; account < accountIds.length; account++) {
      accounts.fill(account, firstUser[account], firstUser[account + 1])
    }
    return accounts
  }
}

function ofAccount(read: AttributeReader, attributes: Parameters<AttributeReader>[0] | undefined): unknown {
  return attributes === undefined ? undefined : read(attributes)
}

/** The evaluations' variants as numbers, the same in both probes; 0 is "none". */
class VariantNumbers {
  readonly variants: (VariantKey | undefined)[] = [undefined]

  of(probe: Probe): Int32Array {
    return Int32Array.from(probe.evaluations, ({ variant }) => {
      const known = this.variants.indexOf(variant)
      return known >= 0 ? known : this.variants.push(variant) - 1
    })
  }
}

export interface ChangeParts {
  readonly units: Units
  readonly before: Probe
  readonly after: Probe
  /** Whether an evaluation means having it. */
  readonly hasIt: (evaluation: Evaluation) => boolean
}

/** What a change does to each of the units of one kind. */
export class UnitChanges {
  readonly units: Units
  readonly before: Uint8Array
  readonly after: Uint8Array
  /** Units whose rows disagree about the variant. */
  readonly splitBefore: Uint8Array
  readonly splitAfter: Uint8Array
  private readonly kinds: Uint8Array
  private readonly counts: Readonly<Record<ChangeKind, number>>
  private readonly variantCounts: Map<VariantKey, { before: number; after: number }>

  constructor({ units, before, after, hasIt }: ChangeParts) {
    this.units = units
    const size = units.count
    this.before = new Uint8Array(size)
    this.after = new Uint8Array(size)
    this.splitBefore = new Uint8Array(size)
    this.splitAfter = new Uint8Array(size)
    this.kinds = new Uint8Array(size)
    this.variantCounts = new Map()
    const names = new VariantNumbers()
    const [oldNumbers, newNumbers] = [names.of(before), names.of(after)]
    const [had, has] = [before.rowsWhere(hasIt), after.rowsWhere(hasIt)]
    const counts = { unchanged: 0, gains: 0, losses: 0, switched: 0 }
    const oldCounts = new Int32Array(names.variants.length + 1)
    const newCounts = new Int32Array(names.variants.length + 1)
    for (let index = 0; index < size; index++) {
      const was = units.common(index, before.column, oldNumbers)
      const is = units.common(index, after.column, newNumbers)
      this.before[index] = Number(units.any(index, had))
      this.after[index] = Number(units.any(index, has))
      this.splitBefore[index] = Number(was < 0)
      this.splitAfter[index] = Number(is < 0)
      const kind = kindOf(this.before[index] === 1, this.after[index] === 1, was === is)
      this.kinds[index] = KINDS.indexOf(kind)
      counts[kind]++
      oldCounts[was + 1] = (oldCounts[was + 1] ?? 0) + 1
      newCounts[is + 1] = (newCounts[is + 1] ?? 0) + 1
    }
    this.counts = counts
    names.variants.forEach((variant, number) => {
      const [old, now] = [oldCounts[number + 1] ?? 0, newCounts[number + 1] ?? 0]
      if (variant !== undefined && old + now > 0) this.variantCounts.set(variant, { before: old, after: now })
    })
  }

  kindOf(index: number): ChangeKind {
    return KINDS[this.kinds[index] ?? 0] ?? 'unchanged'
  }

  /** All units of a group, in the order of the directory. */
  *members(kind: ChangeKind): Generator<NamedUnit, void, undefined> {
    for (let index = 0; index < this.units.count; index++)
      if (this.kindOf(index) === kind) yield this.units.named(index)
  }

  summary(names: number): UnitForecast {
    const group = (kind: ChangeKind): ForecastGroup => ({
      count: this.counts[kind],
      names: [...first(this.members(kind), names)],
    })
    return {
      unit: this.units.unit,
      all: this.units.count,
      before: sum(this.before),
      after: sum(this.after),
      gains: group('gains'),
      losses: group('losses'),
      switched: group('switched'),
      unchanged: group('unchanged'),
      variants: [...this.variantCounts].map(([variant, counts]) => ({ variant, ...counts })),
    }
  }

  /** Units that `flags` marks, named. */
  *marked(flags: Uint8Array): Generator<NamedUnit, void, undefined> {
    for (let index = 0; index < flags.length; index++) if (flags[index] === 1) yield this.units.named(index)
  }
}

function kindOf(had: boolean, has: boolean, same: boolean): ChangeKind {
  if (had !== has) return has ? 'gains' : 'losses'
  return had && !same ? 'switched' : 'unchanged'
}

/** How many are marked. */
export function sum(marks: Uint8Array): number {
  let total = 0
  for (const mark of marks) total += mark
  return total
}

/** At most so many of what comes. */
export function* first<T>(items: Iterable<T>, limit: number): Generator<T, void, undefined> {
  let left = limit
  if (left <= 0) return
  for (const item of items) {
    yield item
    left--
    if (left <= 0) return
  }
}
