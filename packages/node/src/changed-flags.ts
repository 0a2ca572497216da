import { diffRulesets, type FlagKey, type Ruleset, type SegmentKey } from '@dimmer/engine'

type DependsOn = (item: unknown, keys: ReadonlySet<string>) => boolean

/** True if a tree of JSON has, anywhere, a property `name` that is one of `keys`. */
function names(name: 'segment' | 'flag', tree: unknown, keys: ReadonlySet<string>): boolean {
  if (typeof tree !== 'object' || tree === null) return false
  return Object.entries(tree).some(([key, part]: [string, unknown]) =>
    key === name && typeof part === 'string' ? keys.has(part) : names(name, part, keys),
  )
}

const part = (item: unknown, name: string): unknown =>
  typeof item === 'object' && item !== null ? Object.entries(item).find(([key]) => key === name)?.[1] : undefined

/** Adds to `keys` whatever depends on one of them, directly or through others. */
function addDependents(keys: Set<string>, all: Readonly<Record<string, unknown>>, dependsOn: DependsOn): void {
  for (let before = -1; keys.size !== before; ) {
    before = keys.size
    for (const [key, item] of Object.entries(all)) if (!keys.has(key) && dependsOn(item, keys)) keys.add(key)
  }
}

/** These flags and those that have one of them as a prerequisite, directly or through others. */
export function withDependents(flags: Iterable<FlagKey>, ruleset: Ruleset): readonly FlagKey[] {
  const keys = new Set(flags)
  addDependents(keys, ruleset.flags, (flag, needed) => names('flag', part(flag, 'prerequisites'), needed))
  return [...keys]
}

/**
 * The flags that may evaluate differently after an update: those that changed, those whose segments did, and those
 * that have one of them as a prerequisite. Some flags may be broken; only compiled ones are known to be sound.
 */
export function changedFlags(before: Ruleset | undefined, after: Ruleset): readonly FlagKey[] {
  if (before === undefined) return Object.keys(after.flags)
  const diff = diffRulesets(before, after)
  if (diff.units !== undefined) return [...new Set([...Object.keys(before.flags), ...Object.keys(after.flags)])]
  const flags = new Set<FlagKey>(Object.keys(diff.flags))
  const segments = new Set<SegmentKey>(Object.keys(diff.segments))
  if (segments.size > 0) {
    addDependents(segments, after.segments, (segment, keys) => names('segment', part(segment, 'when'), keys))
    for (const [key, flag] of Object.entries(after.flags)) {
      if (names('segment', part(flag, 'rules'), segments)) flags.add(key)
    }
  }
  return withDependents(flags, after)
}
