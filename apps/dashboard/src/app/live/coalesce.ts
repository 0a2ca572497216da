/**
 * Gathers items for a moment and hands them over once each: events come in bursts, and one request answers them all.
 * Items are told apart by their JSON.
 */
export function coalesce<T>(
  flush: (items: readonly T[]) => void,
  after: (task: () => void) => void,
): (item: T) => void {
  let waiting = new Map<string, T>()
  return item => {
    const first = waiting.size === 0
    waiting.set(JSON.stringify(item), item)
    if (!first) return
    after(() => {
      const items = [...waiting.values()]
      waiting = new Map()
      flush(items)
    })
  }
}
