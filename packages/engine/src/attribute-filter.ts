import { type Attributes, readOwn, slotOf } from './attributes.ts'
import type { Comparison } from './operators.ts'
import { passesComparison } from './step.ts'

/** What `bits` gives when an attribute is an array, which can have several of the values: ask the rules themselves. */
export const UNFILTERED = -1

/** What a block's rules ask of one attribute, by the place of the rule in the block. A rule needs all of its own. */
export type Guards = ReadonlyMap<number, readonly Comparison[]>

/** By the last seven bits of a code unit: enough to tell most texts apart, and never wrong when they differ. */
const CODES = 128
const codeOf = (text: string, at: number): number => text.charCodeAt(at) & (CODES - 1)

/** A bit for each rule that has an answer to this. */
function bitsWhere(guards: Guards, holds: (comparisons: readonly Comparison[]) => boolean): number {
  let bits = 0
  for (const [place, comparisons] of guards) if (holds(comparisons)) bits |= 1 << place
  return bits
}

/** For each first or last code unit which rules can match; undefined when no rule asks for beginnings or endings. */
function edges(kind: 'startsWith' | 'endsWith', guards: Guards, all: number): Int32Array | undefined {
  const asks = (one: Comparison) => one.kind === kind
  if (bitsWhere(guards, comparisons => comparisons.some(asks)) === 0) return undefined
  return Int32Array.from({ length: CODES }, (_, code) => {
    const fits = (one: Comparison) =>
      one.kind !== kind || codeOf(one.text, kind === 'startsWith' ? 0 : one.text.length - 1) === code
    return all & ~bitsWhere(guards, comparisons => !comparisons.every(fits))
  })
}

/** Whether `AttributeFilter` answers it whole, so that the rule need not ask again. */
export function isSettledByFilter(comparison: Comparison): boolean {
  return !('text' in comparison)
}

/** Says of one attribute's value which rules can match, as bits. */
export class AttributeFilter {
  private readonly attribute: string
  private readonly slot: number
  private readonly guards: Guards
  /** The rules that ask for the attribute. */
  readonly asking: number
  /** Without the attribute: the rules that don't ask for it. */
  private readonly without: number
  /** For texts that no rule names: those, and the rules that ask for parts of texts. */
  private readonly unnamed: number
  private readonly byText: ReadonlyMap<string, number> | undefined
  private readonly beginnings: Int32Array | undefined
  private readonly endings: Int32Array | undefined
  private readonly byScalar: ReadonlyMap<unknown, number> | undefined
  /** The limits of `lt` and its likes, in order; between them, and at them, the same rules can match. */
  private readonly limits: Float64Array
  private readonly byRegion: Int32Array

  /** `all`: the bits of all rules in the block. */
  constructor(attribute: string, guards: Guards, all: number) {
    const comparisons = [...guards.values()].flat()
    const values = comparisons.flatMap(one =>
      one.kind === 'equals' ? [one.value] : one.kind === 'among' ? [...one.values] : [],
    )
    this.attribute = attribute
    this.slot = slotOf(attribute)
    this.guards = guards
    this.asking = bitsWhere(guards, () => true)
    this.without = all & ~this.asking
    this.unnamed = all & ~bitsWhere(guards, some => some.some(isSettledByFilter))
    const texts = values.filter(value => typeof value === 'string')
    this.byText = texts.length === 0 ? undefined : new Map(texts.map(text => [text, this.bitsFor(text)]))
    this.beginnings = edges('startsWith', guards, all)
    this.endings = edges('endsWith', guards, all)
    const scalars = values.filter(value => typeof value !== 'string')
    this.byScalar = scalars.length === 0 ? undefined : new Map(scalars.map(value => [value, this.bitsFor(value)]))
    const limits = comparisons.flatMap(one => ('limit' in one ? [one.limit] : []))
    this.limits = Float64Array.from(new Set(limits)).sort()
    this.byRegion = this.regions()
  }

  bits(context: Attributes): number {
    const value = readOwn(this.slot, context, this.attribute)
    if (typeof value === 'string') return this.bitsOfText(value)
    if (value === undefined || value === null) return this.without
    return typeof value === 'object' ? UNFILTERED : this.bitsOfScalar(value)
  }

  private bitsFor(value: unknown): number {
    return this.without | bitsWhere(this.guards, some => some.every(one => passesComparison(one, value)))
  }

  private bitsOfText(text: string): number {
    const { byText, beginnings, endings, unnamed } = this
    let bits = byText === undefined ? unnamed : (byText.get(text) ?? unnamed)
    if (beginnings !== undefined) bits &= beginnings[codeOf(text, 0)] ?? 0
    if (endings !== undefined) bits &= endings[codeOf(text, text.length - 1)] ?? 0
    return bits
  }

  private bitsOfScalar(value: unknown): number {
    const named = this.byScalar?.get(value)
    if (named !== undefined) return named
    const isNumber = this.limits.length > 0 && typeof value === 'number' && Number.isFinite(value)
    return isNumber ? this.bitsAt(value) : this.without
  }

  /** Below the first limit, at it, between it and the second, and so on. */
  private regions(): Int32Array {
    const ends = [-Number.MAX_VALUE, ...this.limits, Number.MAX_VALUE]
    const middles = ends.slice(1).map((end, index) => (end + (ends[index] ?? 0)) / 2)
    const samples = middles.flatMap((middle, index) => [middle, ends[index + 1] ?? 0])
    return Int32Array.from(samples, value => this.bitsFor(value))
  }

  private bitsAt(value: number): number {
    const { limits } = this
    let index = 0
    while (index < limits.length && value > (limits[index] ?? 0)) index++
    return this.byRegion[2 * index + (value === limits[index] ? 1 : 0)] ?? this.without
  }
}
