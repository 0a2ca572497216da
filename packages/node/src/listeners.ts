/** The listeners of one event. One that throws harms neither the others nor the caller. */
export class Listeners<T> {
  readonly #listeners = new Set<{ readonly listener: (payload: T) => void }>()
  readonly #onThrow: (error: unknown) => void

  constructor(onThrow: (error: unknown) => void) {
    this.#onThrow = onThrow
  }

  /** Returns a function that takes the listener off again. */
  add(listener: (payload: T) => void): () => void {
    const entry = { listener }
    this.#listeners.add(entry)
    return () => void this.#listeners.delete(entry)
  }

  tell(payload: T): void {
    for (const { listener } of [...this.#listeners]) {
      try {
        listener(payload)
      } catch (error) {
        this.#onThrow(error)
      }
    }
  }
}
