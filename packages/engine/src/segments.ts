import { isObject } from './attributes.ts'
import type { TestScope } from './compile-test.ts'
import { type CompiledList, type CompiledSegment, stepsOf } from './compiled-condition.ts'
import { compileCondition, segmentsOf } from './conditions.ts'
import { orderByDependency } from './graph.ts'
import { idSetOf } from './id-set.ts'
import type { Ruleset, Segment, SegmentKey, UnitList } from './model.ts'
import type { Report } from './problem.ts'
import { NO, type Predicate, run, Step, YES } from './step.ts'
import { noSuchUnit, unitReader } from './units.ts'

/** All segments of a ruleset; `broken` are those that exist and cannot be used. */
export type SegmentTable = ReadonlyMap<SegmentKey, CompiledSegment | 'broken'>

type SegmentSource = Pick<Ruleset, 'segments' | 'units'>

function inList(list: CompiledList): Predicate {
  const { read, ids } = list
  return context => {
    const id = read(context)
    return id !== undefined && ids.has(id)
  }
}

/** Not excluded, and on the list or such that the condition holds. */
function membership(parts: Pick<CompiledSegment, 'condition' | 'list' | 'exclude'>): Predicate {
  const { condition, list, exclude } = parts
  const met = condition === undefined ? NO : stepsOf(condition, YES, NO)
  const listed = list === undefined ? met : new Step(inList(list), YES, met)
  const start = exclude === undefined ? listed : new Step(inList(exclude), NO, listed)
  if (list !== undefined && condition === undefined && exclude === undefined) return inList(list)
  return (context, now) => run(start, context, now)
}

/** What every part of a segment needs. */
interface ListPlace {
  readonly path: 'list' | 'exclude'
  readonly units: Ruleset['units']
  readonly report: Report
}

function compileList(list: UnitList | undefined, place: ListPlace): CompiledList | 'broken' | undefined {
  const { path, units, report } = place
  if (list === undefined) return undefined
  if (!isObject(list) || !Array.isArray(list.ids) || list.ids.some(id => typeof id !== 'string')) {
    report(path, 'invalid-shape', 'a list needs "unit" and "ids", a list of texts')
    return 'broken'
  }
  const read = unitReader(list.unit, units)
  if (read === undefined) {
    report(`${path}.unit`, 'unknown-unit', noSuchUnit(list.unit, units))
    return 'broken'
  }
  return { unit: list.unit, read, ids: idSetOf(list.ids) }
}

function compileSegment(
  segment: Segment,
  source: SegmentSource,
  ready: SegmentTable,
  tools: TestScope,
): CompiledSegment | 'broken' {
  const { units } = source
  const list = compileList(segment.list, { path: 'list', units, report: tools.report })
  const exclude = compileList(segment.exclude, { path: 'exclude', units, report: tools.report })
  const scope = { ...tools, segment: (key: SegmentKey) => ready.get(key) }
  const condition = segment.when === undefined ? undefined : compileCondition(segment.when, 'when', scope)
  if (list === 'broken' || exclude === 'broken' || (segment.when !== undefined && condition === undefined))
    return 'broken'
  const parts = { condition, list, exclude }
  const size = (condition?.size ?? 0) + (list ? 1 : 0) + (exclude ? 1 : 0)
  return { key: segment.key, ...parts, size, holds: membership(parts) }
}

/** Compiles all segments, those that others name first. What is wrong is reported and `broken`; the others work. */
export function compileSegments(source: SegmentSource, { report, regex }: TestScope): SegmentTable {
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
