import type { Rule } from '@dimmer/engine'
import type { FlagConfig } from '@dimmer/protocol'
import { sameJson } from './config-diff.ts'

/** Two people's changes of one config put together. */
export interface MergedConfig {
  readonly config: FlagConfig
  /** What both have changed, each in another way; `mine` was kept. */
  readonly both: readonly string[]
}

interface Three<T> {
  readonly base: T
  readonly mine: T
  readonly theirs: T
}

/** Mine where I changed it, else theirs. */
function pick<T>({ base, mine, theirs }: Three<T>): { readonly value: T; readonly both: boolean } {
  if (sameJson(base, mine)) return { value: theirs, both: false }
  return { value: mine, both: !sameJson(base, theirs) && !sameJson(mine, theirs) }
}

const byId = (rules: readonly Rule[]) => new Map(rules.map(rule => [rule.id, rule]))

/** The order of mine if I changed it, else of theirs; what only the other has comes after the one it followed there. */
function orderOf({ base, mine, theirs }: Three<readonly string[]>): readonly string[] {
  const kept = (ids: readonly string[], others: readonly string[]) => ids.filter(id => others.includes(id))
  const reordered = !sameJson(kept(base, mine), kept(mine, base))
  const [first, second] = reordered ? [mine, theirs] : [theirs, mine]
  const order = [...first]
  second.forEach((id, index) => {
    if (order.includes(id)) return
    const before = second.slice(0, index).findLast(other => order.includes(other))
    order.splice(before === undefined ? 0 : order.indexOf(before) + 1, 0, id)
  })
  return order
}

function mergeRules(three: Three<readonly Rule[]>): {
  readonly rules: readonly Rule[]
  readonly both: readonly string[]
} {
  const { base, mine, theirs } = three
  const maps = { base: byId(base), mine: byId(mine), theirs: byId(theirs) }
  const ids = (rules: readonly Rule[]) => rules.map(rule => rule.id)
  const both: string[] = []
  const rules = orderOf({ base: ids(base), mine: ids(mine), theirs: ids(theirs) }).flatMap(id => {
    const picked = pick({ base: maps.base.get(id), mine: maps.mine.get(id), theirs: maps.theirs.get(id) })
    if (picked.both) both.push(`rule "${maps.base.get(id)?.name ?? id}"`)
    return picked.value ?? []
  })
  return { rules, both }
}

/** Puts `mine` and `theirs`, both made from `base`, together. Nothing that I changed is lost. */
export function mergeConfigs(three: Three<FlagConfig>): MergedConfig {
  const { base, mine, theirs } = three
  const part = <K extends keyof FlagConfig>(key: K) => pick({ base: base[key], mine: mine[key], theirs: theirs[key] })
  const merged = {
    on: part('on'),
    offVariant: part('offVariant'),
    prerequisites: part('prerequisites'),
    fallthrough: part('fallthrough'),
  }
  const { rules, both } = mergeRules({ base: base.rules, mine: mine.rules, theirs: theirs.rules })
  const words = {
    on: 'on or off',
    offVariant: 'off variant',
    prerequisites: 'prerequisites',
    fallthrough: 'everybody else',
  }
  const parts = (['on', 'offVariant', 'prerequisites', 'fallthrough'] as const).filter(key => merged[key].both)
  return {
    config: {
      on: merged.on.value,
      offVariant: merged.offVariant.value,
      prerequisites: merged.prerequisites.value,
      rules,
      fallthrough: merged.fallthrough.value,
    },
    both: [...both, ...parts.map(key => words[key])],
  }
}
