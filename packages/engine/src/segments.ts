import { isObject } from './attributes.ts'
import type { CompiledCondition, CompiledList, CompiledSegment, Predicate } from './compiled-condition.ts'
import { type ConditionScope, compileCondition, segmentsOf } from './conditions.ts'
import { orderByDependency } from './graph.ts'
import type { Ruleset, Segment, SegmentKey } from './model.ts'
import type { Report } from './problem.ts'
import { unitReader } from './units.ts'

/** All segments of a ruleset; `broken` are those that exist and cannot be used. */
export type SegmentTable = ReadonlyMap<SegmentKey, CompiledSegment | 'broken'>

type SegmentSource = Pick<Ruleset, 'segments' | 'units'>

/** Where problems go, and what the host brings. */
type SegmentTools = Pick<ConditionScope, 'report' | 'regex'>

/** By the list itself: a list that a new ruleset takes over from the last one is not read again. */
const idSets = new WeakMap<readonly string[], ReadonlySet<string>>()

function idSet(ids: readonly string[]): ReadonlySet<string> {
  const known = idSets.get(ids)
  if (known) return known
  const made = new Set(ids)
  idSets.set(ids, made)
  return made
}

function inList(list: CompiledList): Predicate {
  const { read, ids } = list
  return context => {
    const id = read(context)
    return id !== undefined && ids.has(id)
  }
}

function membership(condition: CompiledCondition | undefined, list: CompiledList | undefined): Predicate {
  const listed = list && inList(list)
  const holds = condition?.holds
  if (holds === undefined) return listed ?? (() => false)
  return listed === undefined ? holds : (context, now) => listed(context, now) || holds(context, now)
}

function compileList(segment: Segment, source: SegmentSource, report: Report): CompiledList | 'broken' | undefined {
  const { list } = segment
  if (list === undefined) return undefined
  if (!isObject(list) || !Array.isArray(list.ids) || list.ids.some(id => typeof id !== 'string')) {
    report('list', 'invalid-shape', 'a list needs "unit" and "ids", a list of texts')
    return 'broken'
  }
  const read = unitReader(list.unit, source.units)
  if (read === undefined) {
    report('list.unit', 'unknown-unit', `there is no unit "${list.unit}"`)
    return 'broken'
  }
  return { unit: list.unit, read, ids: idSet(list.ids) }
}

function compileSegment(
  segment: Segment,
  source: SegmentSource,
  ready: SegmentTable,
  tools: SegmentTools,
): CompiledSegment | 'broken' {
  const list = compileList(segment, source, tools.report)
  const scope = { ...tools, segment: (key: SegmentKey) => ready.get(key) }
  const condition = segment.when === undefined ? undefined : compileCondition(segment.when, 'when', scope)
  if (list === 'broken' || (segment.when !== undefined && condition === undefined)) return 'broken'
  return {
    key: segment.key,
    condition,
    list,
    size: (condition?.size ?? 0) + (list ? 1 : 0),
    holds: membership(condition, list),
  }
}

/** Compiles all segments, those that others name first. What is wrong is reported and `broken`; the others work. */
export function compileSegments(source: SegmentSource, { report, regex }: SegmentTools): SegmentTable {
  const segments = new Map(Object.entries(source.segments))
  const graph = new Map([...segments].map(([key, segment]) => [key, isObject(segment) ? segmentsOf(segment.when) : []]))
  const { order, cycles } = orderByDependency(graph)
  const table = new Map<SegmentKey, CompiledSegment | 'broken'>()
  for (const [key, cycle] of cycles) {
    report(`segments.${key}.when`, 'cycle', `segments name each other in a circle: ${cycle.join(' -> ')}`)
    table.set(key, 'broken')
  }
  for (const key of order) {
    const segment = segments.get(key)
    const here: Report = (path, code, message) => report(`segments.${key}.${path}`, code, message)
    if (isObject(segment)) {
      table.set(key, compileSegment(segment, source, table, { report: here, regex }))
    } else {
      report(`segments.${key}`, 'invalid-shape', 'a segment must be an object')
      table.set(key, 'broken')
    }
  }
  return table
}
