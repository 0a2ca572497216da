type Handler = (message: string) => void

/** Takes what a handler threw, and connection trouble. */
export type ReportError = (error: unknown) => void

/** Errors that nobody asked for become warnings of the process; they must not end it, nor be lost. */
export const warn: ReportError = error => process.emitWarning(error instanceof Error ? error : String(error))

/** The subscribers of one bus in this process. */
export class BusListeners {
  readonly #channels = new Map<string, Set<Handler>>()
  readonly #gaps = new Set<() => void>()
  readonly #report: ReportError

  constructor(report: ReportError) {
    this.#report = report
  }

  /** Gives a function that takes the handler off. The same handler may be added more than once. */
  add(channel: string, handler: Handler): () => void {
    const own: Handler = message => handler(message)
    const handlers = this.#channels.get(channel) ?? new Set()
    this.#channels.set(channel, handlers.add(own))
    return () => {
      handlers.delete(own)
      if (handlers.size === 0 && this.#channels.get(channel) === handlers) this.#channels.delete(channel)
    }
  }

  addGap(handler: () => void): () => void {
    const own = () => handler()
    this.#gaps.add(own)
    return () => void this.#gaps.delete(own)
  }

  deliver(channel: string, message: string): void {
    for (const handler of [...(this.#channels.get(channel) ?? [])]) this.#guarded(() => handler(message))
  }

  announceGap(): void {
    for (const handler of [...this.#gaps]) this.#guarded(handler)
  }

  clear(): void {
    this.#channels.clear()
    this.#gaps.clear()
  }

  #guarded(call: () => void): void {
    try {
      call()
    } catch (error) {
      this.#report(error)
    }
  }
}
