/** Node -> the nodes it depends on. Dependencies that are not nodes themselves are ignored. */
export type DependencyGraph = ReadonlyMap<string, readonly string[]>

/** An order in which everything comes after what it depends on, and what has no such order. */
export interface DependencyOrder {
  readonly order: readonly string[]
  /** For each node on a cycle the shortest way back to itself: `[a, b, a]`. These nodes are not in `order`. */
  readonly cycles: ReadonlyMap<string, readonly string[]>
}

/** Takes away what depends on nothing, again and again. Without recursion: chains may be long. */
function peel(graph: DependencyGraph): string[] {
  const waitingFor = new Map<string, number>()
  const dependents = new Map<string, string[]>()
  for (const [node, dependencies] of graph) {
    const known = new Set(dependencies.filter(dependency => graph.has(dependency)))
    waitingFor.set(node, known.size)
    for (const dependency of known) {
      const list = dependents.get(dependency)
      if (list) list.push(node)
      else dependents.set(dependency, [node])
    }
  }
  const order = [...graph.keys()].filter(node => waitingFor.get(node) === 0)
  for (const done of order) {
    for (const node of dependents.get(done) ?? []) {
      const left = (waitingFor.get(node) ?? 0) - 1
      waitingFor.set(node, left)
      if (left === 0) order.push(node)
    }
  }
  return order
}

function shortestCycle(graph: DependencyGraph, start: string): readonly string[] | undefined {
  const cameFrom = new Map<string, string>()
  const queue = [start]
  for (const node of queue) {
    for (const next of graph.get(node) ?? []) {
      if (next === start) {
        const path = [start]
        for (let at = node; at !== start; at = cameFrom.get(at) ?? start) path.unshift(at)
        return [start, ...path]
      }
      if (graph.has(next) && !cameFrom.has(next)) {
        cameFrom.set(next, node)
        queue.push(next)
      }
    }
  }
  return undefined
}

/** Orders a graph by its dependencies and names its cycles. */
export function orderByDependency(graph: DependencyGraph): DependencyOrder {
  const order = peel(graph)
  const cycles = new Map<string, readonly string[]>()
  if (order.length === graph.size) return { order, cycles }
  const settled = new Set(order)
  const tangled = new Map([...graph].filter(([node]) => !settled.has(node)))
  for (const node of tangled.keys()) {
    const cycle = shortestCycle(tangled, node)
    if (cycle) cycles.set(node, cycle)
  }
  return { order: peel(new Map([...graph].filter(([node]) => !cycles.has(node)))), cycles }
}
