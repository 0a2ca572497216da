/** A value that can be watched. */
export interface Store<T> {
  get(): T
  set(value: T): void
  subscribe(listener: () => void): () => void
}

/** A listener that throws harms neither the others nor the caller: its error is reported like any uncaught one. */
export function createStore<T>(initial: T): Store<T> {
  const listeners = new Set<() => void>()
  let current = initial
  return {
    get: () => current,
    set(value) {
      current = value
      for (const listener of [...listeners]) {
        try {
          listener()
        } catch (error) {
          setTimeout(() => {
            throw error
          })
        }
      }
    },
    subscribe(listener) {
      // An entry of its own, so that a function that listens twice is taken off once.
      const entry = (): void => listener()
      listeners.add(entry)
      return () => void listeners.delete(entry)
    },
  }
}
