import { isObject } from './attributes.ts'
import { compileTest, type TestScope } from './compile-test.ts'
import type { CompiledCondition, CompiledSegment } from './compiled-condition.ts'
import type { Condition, SegmentKey } from './model.ts'

/** What the parts of a condition need to know while they are compiled. */
export interface ConditionScope extends TestScope {
  /** A segment that is ready; `broken` when it exists but cannot be used. */
  readonly segment: (key: SegmentKey) => CompiledSegment | 'broken' | undefined
}

/** How deep `all`, `any` and `not` may nest. */
export const MAX_CONDITION_DEPTH = 32
/** How many nodes a condition may have, segments counted in full: the bound on what one evaluation can cost. */
export const MAX_CONDITION_SIZE = 2_000

interface Place {
  readonly path: string
  readonly depth: number
}

type Compiled = CompiledCondition | undefined

function compileGroup(kind: 'all' | 'any', sources: readonly Condition[], at: Place, scope: ConditionScope): Compiled {
  if (!Array.isArray(sources)) {
    scope.report(at.path, 'invalid-shape', `"${kind}" needs a list of conditions`)
    return undefined
  }
  const compiled = sources.map((source, index) =>
    compileNode(source, { path: `${at.path}.${kind}[${index}]`, depth: at.depth + 1 }, scope),
  )
  const parts = compiled.filter(part => part !== undefined)
  if (parts.length < compiled.length) return undefined
  return { kind, parts, size: parts.reduce((sum, part) => sum + part.size, 1) }
}

function compileNot(source: Condition, at: Place, scope: ConditionScope): Compiled {
  const part = compileNode(source, { path: `${at.path}.not`, depth: at.depth + 1 }, scope)
  return part && { kind: 'not', part, size: part.size + 1 }
}

function compileSegmentTest(key: SegmentKey, at: Place, scope: ConditionScope): Compiled {
  const segment = scope.segment(key)
  if (segment === undefined) {
    scope.report(at.path, 'unknown-segment', `there is no segment "${key}"`)
    return undefined
  }
  if (segment === 'broken') {
    scope.report(at.path, 'broken-segment', `segment "${key}" cannot be used; its own problem says why`)
    return undefined
  }
  return { kind: 'segment', segment, size: segment.size + 1 }
}

function compileNode(source: Condition, at: Place, scope: ConditionScope): Compiled {
  if (!isObject(source)) {
    scope.report(at.path, 'invalid-shape', 'a condition must be an object')
    return undefined
  }
  if (at.depth > MAX_CONDITION_DEPTH) {
    scope.report(at.path, 'too-deep', `conditions may nest ${MAX_CONDITION_DEPTH} deep, not deeper`)
    return undefined
  }
  if ('all' in source) return compileGroup('all', source.all, at, scope)
  if ('any' in source) return compileGroup('any', source.any, at, scope)
  if ('not' in source) return compileNot(source.not, at, scope)
  if ('segment' in source) return compileSegmentTest(source.segment, at, scope)
  return compileTest(source, at.path, scope)
}

/** Compiles a condition. When any part of it is wrong: undefined, and every problem is reported. */
export function compileCondition(
  source: Condition,
  path: string,
  scope: ConditionScope,
): CompiledCondition | undefined {
  const compiled = compileNode(source, { path, depth: 1 }, scope)
  if (compiled !== undefined && compiled.size > MAX_CONDITION_SIZE) {
    scope.report(path, 'too-large', `a condition may have ${MAX_CONDITION_SIZE} parts, those of its segments counted`)
    return undefined
  }
  return compiled
}

/** The segments that a condition names, as far as its shape is readable. */
export function segmentsOf(source: unknown, depth: number = 1): readonly SegmentKey[] {
  if (!isObject(source) || depth > MAX_CONDITION_DEPTH) return []
  if (typeof source.segment === 'string') return [source.segment]
  const group: unknown = source.all ?? source.any ?? []
  const parts: readonly unknown[] = Array.isArray(group) ? group : []
  return [...parts, source.not].flatMap(part => segmentsOf(part, depth + 1))
}
