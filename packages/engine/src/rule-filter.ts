import { type Attributes, isOwn, readSlot, slotOf } from './attributes.ts'
import { type CompiledCondition, stepsOf } from './compiled-condition.ts'
import type { CompiledRule } from './compiled-rule.ts'
import type { Comparison } from './operators.ts'
import { NO, passesComparison, type Step, YES } from './step.ts'

/** Below this many rules, trying them one by one is as fast. */
const LEAST_RULES = 8
/** An attribute that fewer rules ask for is not worth a look-up. */
const LEAST_GUARDS = 3
/** A longer list stays a Set of its own. */
const MOST_VALUES = 100
/** Rules per block: as many bits as a small integer surely has. */
const BLOCK = 30

/** What `candidates` gives when an attribute is an array, which can have several of the values: ask the rules themselves. */
export const UNFILTERED = -1

/** A test that the whole condition depends on. */
interface Guard {
  readonly attribute: string
  readonly comparison: Comparison
}

function guardOf(condition: CompiledCondition): Guard | undefined {
  if (condition.kind !== 'test' || condition.questions.length !== 1) return undefined
  const [question] = condition.questions
  if (typeof question !== 'object' || typeof question.check !== 'object') return undefined
  const { attribute, check } = question
  if ('text' in check) return undefined
  return check.kind === 'among' && check.values.size > MOST_VALUES ? undefined : { attribute, comparison: check }
}

/** The conditions that must all hold. */
function conjuncts(condition: CompiledCondition | undefined): readonly CompiledCondition[] {
  if (condition === undefined) return []
  return condition.kind === 'all' ? condition.parts.flatMap(conjuncts) : [condition]
}

/** Guards on one attribute, by the place of their rule in the block. */
type GuardsByPlace = ReadonlyMap<number, readonly Comparison[]>

/** Says of one attribute's value which rules can match, as bits. */
class AttributeFilter {
  private readonly attribute: string
  private readonly slot: number
  private readonly guards: GuardsByPlace
  /** For values that no rule names: the rules that don't ask for the attribute. */
  private readonly otherwise: number
  private readonly byValue: Map<unknown, number> | undefined
  /** The limits of `lt` and its likes, in order; between them, and at them, the same rules can match. */
  private readonly limits: Float64Array
  private readonly byRegion: Int32Array

  constructor(attribute: string, guards: GuardsByPlace, all: number) {
    const comparisons = [...guards.values()].flat()
    this.attribute = attribute
    this.slot = slotOf(attribute)
    this.guards = guards
    this.otherwise = all & ~[...guards.keys()].reduce((bits, place) => bits | (1 << place), 0)
    const values = comparisons.flatMap(one =>
      one.kind === 'equals' ? [one.value] : one.kind === 'among' ? [...one.values] : [],
    )
    this.byValue = values.length === 0 ? undefined : new Map(values.map(value => [value, this.bitsFor(value)]))
    const limits = comparisons.flatMap(one => ('limit' in one ? [one.limit] : []))
    this.limits = Float64Array.from(new Set(limits)).sort()
    this.byRegion = this.regions()
  }

  private bitsFor(value: unknown): number {
    let bits = this.otherwise
    for (const [place, comparisons] of this.guards) {
      if (comparisons.every(one => passesComparison(one, value))) bits |= 1 << place
    }
    return bits
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
    return this.byRegion[2 * index + (value === limits[index] ? 1 : 0)] ?? this.otherwise
  }

  bits(context: Attributes): number {
    const { slot, attribute, otherwise } = this
    const value = readSlot(slot, context, attribute)
    if (value === undefined) return otherwise
    if (typeof value === 'object') return value === null ? otherwise : UNFILTERED
    const bits = this.bitsOf(value)
    return bits === otherwise || isOwn(slot, context, attribute) ? bits : otherwise
  }

  private bitsOf(value: unknown): number {
    const named = this.byValue?.get(value)
    if (named !== undefined) return named
    const isNumber = this.limits.length > 0 && typeof value === 'number' && Number.isFinite(value)
    return isNumber ? this.bitsAt(value) : this.otherwise
  }
}

/**
 * Folds what up to 30 rules ask of the same attributes ("country is FR", "country is DE and seats are 10 at least")
 * into one look-up for each attribute, which leaves the rules that can still match. Order and outcome stay the same.
 */
export class RuleBlock {
  readonly rules: readonly CompiledRule[]
  /** For each rule what is to be asked. */
  private readonly starts: readonly Step[]
  /** For each rule what is left to ask after the filters. */
  private readonly rests: readonly Step[]
  /** A bit for each rule. */
  readonly all: number
  private readonly filters: readonly AttributeFilter[]

  private constructor(rules: readonly CompiledRule[]) {
    this.rules = rules
    this.all = 2 ** rules.length - 1
    const byAttribute = new Map<string, Map<number, Comparison[]>>()
    const parts = rules.map(rule => conjuncts(rule.condition).map(part => ({ part, guard: guardOf(part) })))
    for (const [place, some] of parts.entries()) {
      for (const { guard } of some) {
        if (guard === undefined) continue
        const guards = byAttribute.get(guard.attribute) ?? new Map<number, Comparison[]>()
        guards.set(place, [...(guards.get(place) ?? []), guard.comparison])
        byAttribute.set(guard.attribute, guards)
      }
    }
    const folded = new Map([...byAttribute].filter(([, guards]) => guards.size >= LEAST_GUARDS))
    this.filters = [...folded].map(([attribute, guards]) => new AttributeFilter(attribute, guards, this.all))
    this.starts = rules.map(rule => rule.steps(YES, NO))
    this.rests = rules.map((rule, place) => {
      const left = (parts[place] ?? []).filter(({ guard }) => guard === undefined || !folded.has(guard.attribute))
      const met = left.reduceRight((next, { part }) => stepsOf(part, next, NO), YES)
      return rule.duringSchedule(met, NO)
    })
  }

  /** Undefined when nothing is gained by it. */
  static over(rules: readonly CompiledRule[]): readonly RuleBlock[] | undefined {
    if (rules.length < LEAST_RULES) return undefined
    const count = Math.ceil(rules.length / BLOCK)
    const blocks = Array.from(
      { length: count },
      (_, index) => new RuleBlock(rules.slice(index * BLOCK, (index + 1) * BLOCK)),
    )
    return blocks.some(block => block.filters.length > 0) ? blocks : undefined
  }

  /** The rules of the block that can match, the first in the lowest bit; or `UNFILTERED`. */
  candidates(context: Attributes): number {
    const { filters } = this
    let left = this.all
    for (let i = 0; i < filters.length && left !== 0; i++) {
      const bits = filters[i]?.bits(context) ?? left
      if (bits === UNFILTERED) return UNFILTERED
      left &= bits
    }
    return left
  }

  /** Where a rule that can match begins, after `candidates` gave `found`. */
  startAt(place: number, found: number): Step {
    return (found === UNFILTERED ? this.starts : this.rests)[place] ?? NO
  }
}
