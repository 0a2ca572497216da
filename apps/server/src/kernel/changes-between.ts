/** Where two values differ, so that people can read it. Pure. */
import type { AuditChange } from '@dimmer/protocol'

type Members = ReadonlyMap<string, unknown>

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** What a member of a list is called, if it has a name of its own. */
function nameOf(item: unknown): string | undefined {
  if (!isObject(item)) return undefined
  for (const field of ['id', 'key', 'flag', 'variant', 'name']) {
    const name: unknown = Reflect.get(item, field)
    if (typeof name === 'string') return name
  }
  return undefined
}

/** The members of a list by their names; undefined if they have none, or two have the same. */
function namedMembers(list: readonly unknown[]): Members | undefined {
  const named = new Map<string, unknown>()
  for (const item of list) {
    const name = nameOf(item)
    if (name === undefined || named.has(name)) return undefined
    named.set(name, item)
  }
  return named
}

/** The parts of a value that can be compared one by one; undefined for what counts as one. */
function membersOf(value: unknown): Members | undefined {
  if (Array.isArray(value)) return namedMembers(value)
  return isObject(value) ? new Map(Object.entries(value)) : undefined
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

const leaf = (path: string, before: unknown, after: unknown): AuditChange => ({
  path,
  ...(before === undefined ? {} : { before }),
  ...(after === undefined ? {} : { after }),
})

const orderOf = (members: Members, others: Members): string => [...members.keys()].filter(key => others.has(key)).join()

/** Places that differ, in the order of the later value. Lists whose members have ids are compared by these. */
export function changesBetween(before: unknown, after: unknown, path = ''): readonly AuditChange[] {
  if (same(before, after)) return []
  const [old, now] = [membersOf(before), membersOf(after)]
  if (path === '' && (old === undefined || now === undefined)) return outermost(old, now, { before, after })
  if (old === undefined || now === undefined) return [leaf(path, before, after)]
  const reordered = Array.isArray(after) && orderOf(old, now) !== orderOf(now, old)
  const names = new Set([...now.keys(), ...old.keys()])
  const inside = [...names].flatMap(name =>
    changesBetween(old.get(name), now.get(name), path === '' ? name : `${path}.${name}`),
  )
  if (!reordered) return inside
  return [...inside, { path: `${path} (order)`, before: [...old.keys()], after: [...now.keys()] }]
}

/** Something made or deleted: one line for each of its parts. */
function outermost(
  old: Members | undefined,
  now: Members | undefined,
  { before, after }: { readonly before: unknown; readonly after: unknown },
): readonly AuditChange[] {
  if (before === undefined && now !== undefined) return [...now].map(([name, value]) => leaf(name, undefined, value))
  if (after === undefined && old !== undefined) return [...old].map(([name, value]) => leaf(name, value, undefined))
  return [leaf('value', before, after)]
}
