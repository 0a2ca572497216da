import { type AttributeReader, type Attributes, attributeReader } from './attributes.ts'
import type { CompiledRule } from './compiled-rule.ts'
import type { Condition, Json } from './model.ts'

/** Below this many rules, trying them one by one is as fast. */
const LEAST_RULES = 8
/** A longer list stays a Set of its own. */
const MOST_VALUES = 100

/** A test that the whole condition depends on: the attribute must have one of these values. */
interface Guard {
  readonly attribute: string
  readonly values: readonly Json[]
}

function guardsOf(condition: Condition | undefined): readonly Guard[] {
  if (condition === undefined) return []
  if ('all' in condition) return condition.all.flatMap(guardsOf)
  if (!('attribute' in condition) || condition.ignoreCase === true) return []
  const { attribute, op, value } = condition
  if (op === 'equals' && value !== undefined) return [{ attribute, values: [value] }]
  if (op === 'in' && Array.isArray(value) && value.length <= MOST_VALUES) return [{ attribute, values: value }]
  return []
}

/**
 * Folds rules that ask for values of one attribute ("country is FR", "country is DE and plan is pro") into a Map, so that
 * one look-up leaves only the rules that can still match. Order and outcome stay the same.
 */
export class RuleIndex {
  private readonly read: AttributeReader
  private readonly all: readonly CompiledRule[]
  private readonly byValue: ReadonlyMap<unknown, readonly CompiledRule[]>
  private readonly otherwise: readonly CompiledRule[]

  private constructor(attribute: string, rules: readonly CompiledRule[], guards: ReadonlyMap<CompiledRule, Guard>) {
    const byValue = new Map<unknown, CompiledRule[]>()
    const otherwise: CompiledRule[] = []
    for (const rule of rules) {
      const guard = guards.get(rule)
      if (guard === undefined) {
        for (const list of byValue.values()) list.push(rule)
        otherwise.push(rule)
      }
      for (const value of new Set(guard?.values)) {
        const list = byValue.get(value) ?? [...otherwise]
        list.push(rule)
        byValue.set(value, list)
      }
    }
    this.read = attributeReader(attribute)
    this.all = rules
    this.byValue = byValue
    this.otherwise = otherwise
  }

  /** An index over the attribute that most rules ask for; undefined when too few do. */
  static over(rules: readonly CompiledRule[]): RuleIndex | undefined {
    if (rules.length < LEAST_RULES) return undefined
    const byAttribute = new Map<string, Map<CompiledRule, Guard>>()
    for (const rule of rules) {
      for (const guard of guardsOf(rule.source.when)) {
        const guards = byAttribute.get(guard.attribute) ?? new Map<CompiledRule, Guard>()
        byAttribute.set(guard.attribute, guards.set(rule, guard))
      }
    }
    const [attribute, guards] = [...byAttribute].reduce<[string, Map<CompiledRule, Guard>]>(
      (best, next) => (next[1].size > best[1].size ? next : best),
      ['', new Map()],
    )
    return guards.size < LEAST_RULES ? undefined : new RuleIndex(attribute, rules, guards)
  }

  /** The rules that can match this context, in order. An array can have several of the values: then all rules. */
  select(context: Attributes): readonly CompiledRule[] {
    const value = this.read(context)
    if (typeof value === 'object' && value !== null) return this.all
    return this.byValue.get(value) ?? this.otherwise
  }
}
