import { AttributeFilter, isSettledByFilter, UNFILTERED } from './attribute-filter.ts'
import type { Attributes } from './attributes.ts'
import { type CompiledCondition, stepsOf } from './compiled-condition.ts'
import type { CompiledRule } from './compiled-rule.ts'
import type { Comparison } from './operators.ts'
import { NO, type Step, YES } from './step.ts'

/** Below this many rules, trying them one by one is as fast. */
const LEAST_RULES = 8
/** An attribute that fewer rules ask for is not worth a look-up. */
const LEAST_GUARDS = 3
/** A longer list stays a Set of its own. */
const MOST_VALUES = 100
/** Rules per block: as many bits as a small integer surely has. */
const BLOCK = 30

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
  if (check.kind === 'contains' || (check.kind === 'among' && check.values.size > MOST_VALUES)) return undefined
  return { attribute, comparison: check }
}

/** The conditions that must all hold. */
function conjuncts(condition: CompiledCondition | undefined): readonly CompiledCondition[] {
  if (condition === undefined) return []
  return condition.kind === 'all' ? condition.parts.flatMap(conjuncts) : [condition]
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
    this.all = (1 << rules.length) - 1
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
    // First what most rules ask for: it may leave none.
    const ordered = [...folded].sort(([, a], [, b]) => b.size - a.size)
    this.filters = ordered.map(([attribute, guards]) => new AttributeFilter(attribute, guards, this.all))
    this.starts = rules.map(rule => rule.steps(YES, NO))
    const isSettled = (guard: Guard | undefined) =>
      guard !== undefined && folded.has(guard.attribute) && isSettledByFilter(guard.comparison)
    this.rests = rules.map((rule, place) => {
      const left = (parts[place] ?? []).filter(({ guard }) => !isSettled(guard))
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
    for (let i = 0; i < filters.length; i++) {
      const filter = filters[i]
      if (filter === undefined || (left & filter.asking) === 0) continue
      const bits = filter.bits(context)
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
