import type { Flag, FlagKey, Ruleset, Segment, SegmentKey } from './model.ts'

/** What changed from one version of a ruleset to another; null for what was removed. */
export interface RulesetPatch {
  readonly from: number
  readonly to: number
  readonly flags: Readonly<Record<FlagKey, Flag | null>>
  readonly segments: Readonly<Record<SegmentKey, Segment | null>>
  /** All custom units, when they changed. */
  readonly units?: Readonly<Record<string, string>>
  /** All private attributes, when they changed. */
  readonly privateAttributes?: readonly string[]
}

type Entries<T> = Readonly<Record<string, T>>

function sameLists(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
  const other: readonly unknown[] = b
  return a.every((item, index) => same(item, other[index]))
}

/** Whether two JSON values are the same, the order of keys aside. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b)) return sameLists(a, b)
  const left = Object.entries(a)
  const right = new Map(Object.entries(b))
  return left.length === right.size && left.every(([key, value]) => right.has(key) && same(value, right.get(key)))
}

function changed<T>(before: Entries<T>, after: Entries<T>): Entries<T | null> {
  const old = new Map(Object.entries(before))
  const set = Object.entries(after).filter(([key, value]) => !same(old.get(key), value))
  const removed = [...old.keys()].filter(key => !Object.hasOwn(after, key))
  return Object.fromEntries<T | null>([...set, ...removed.map((key): [string, null] => [key, null])])
}

function patched<T>(entries: Entries<T>, changes: Entries<T | null>): Entries<T> {
  const all = new Map<string, T | null>([...Object.entries(entries), ...Object.entries(changes)])
  return Object.fromEntries([...all].filter((entry): entry is [string, T] => entry[1] !== null))
}

/** The patch that leads from one version to another, both of the same project and environment. */
export function diffRulesets(before: Ruleset, after: Ruleset): RulesetPatch {
  const patch = {
    from: before.version,
    to: after.version,
    flags: changed(before.flags, after.flags),
    segments: changed(before.segments, after.segments),
  }
  const { privateAttributes = [] } = after
  return {
    ...patch,
    ...(!same(before.units, after.units) && { units: after.units }),
    ...(!same(before.privateAttributes ?? [], privateAttributes) && { privateAttributes }),
  }
}

/**
 * The ruleset after a patch; flags and segments that didn't change stay the same objects. Undefined when the patch
 * doesn't start at this version (a gap): ask for the whole ruleset then.
 */
export function applyPatch(ruleset: Ruleset, patch: RulesetPatch): Ruleset | undefined {
  if (patch.from !== ruleset.version) return undefined
  const { privateAttributes: known = [], ...rest } = ruleset
  const { privateAttributes = known } = patch
  return {
    ...rest,
    version: patch.to,
    flags: patched(ruleset.flags, patch.flags),
    segments: patched(ruleset.segments, patch.segments),
    units: patch.units ?? ruleset.units,
    ...(privateAttributes.length > 0 && { privateAttributes }),
  }
}
