// @ts-check
/** Import cycles over all files, types included. */

/** @import { SourceFile, Violation } from './types.ts' */

/**
 * A shortest way along the imports from `start` back to itself; undefined when there is none.
 * @param {string} start
 * @param {ReadonlyMap<string, ReadonlySet<string>>} graph
 * @returns {string[] | undefined}
 */
function shortestCycle(start, graph) {
  /** @type {string[][]} */
  const ways = [[start]]
  /** @type {Set<string>} */
  const seen = new Set()
  for (const way of ways) {
    for (const next of graph.get(way[way.length - 1] ?? '') ?? []) {
      if (next === start) return [...way, start]
      if (seen.has(next)) continue
      seen.add(next)
      ways.push([...way, next])
    }
  }
  return undefined
}

/**
 * The files that lie on no cycle are peeled off from both ends; only what is left has to be searched.
 * @param {ReadonlyMap<string, ReadonlySet<string>>} graph
 */
function withoutLooseEnds(graph) {
  let core = graph
  for (;;) {
    const imported = new Set([...core.values()].flatMap(targets => [...targets]))
    const kept = [...core].filter(([path, targets]) => imported.has(path) && targets.size > 0)
    if (kept.length === core.size) return core
    const paths = new Set(kept.map(([path]) => path))
    core = new Map(kept.map(([path, targets]) => [path, new Set([...targets].filter(target => paths.has(target)))]))
  }
}

/**
 * Reports each cycle once, at the file that comes first in the alphabet.
 * @param {readonly SourceFile[]} files
 * @returns {Violation[]}
 */
export function checkCycles(files) {
  const byPath = new Map(files.map(file => [file.path, file]))
  const targetsOf = (/** @type {SourceFile} */ file) =>
    new Set(file.imports.flatMap(({ target }) => (target !== undefined && byPath.has(target) ? [target] : [])))
  const graph = withoutLooseEnds(new Map(files.map(file => [file.path, targetsOf(file)])))
  /** @type {Set<string>} */
  const reported = new Set()
  return [...graph.keys()].sort().flatMap(path => {
    if (reported.has(path)) return []
    const cycle = shortestCycle(path, graph)
    if (cycle === undefined) return []
    for (const member of cycle) reported.add(member)
    const line = byPath.get(path)?.imports.find(({ target }) => target === cycle[1])?.line ?? 1
    const allowed = 'no import cycles, types included: move what both need into a file below them'
    return [{ file: path, line, rule: 'cycle', found: `imports itself: ${cycle.join(' -> ')}`, allowed }]
  })
}
