import type { Call, Context, Details, Hook } from './types.ts'
import type { ValueOf } from './value-type.ts'

/** The hooks of a client: `before` in the order in which they were added, the others in the opposite one. */
export class Hooks {
  readonly #hooks = new Set<{ readonly hook: Hook }>()
  readonly #onThrow: (error: unknown) => void

  constructor(onThrow: (error: unknown) => void) {
    this.#onThrow = onThrow
  }

  get any(): boolean {
    return this.#hooks.size > 0
  }

  /** Returns a function that takes it off again. */
  add(hook: Hook): () => void {
    const entry = { hook }
    this.#hooks.add(entry)
    return () => void this.#hooks.delete(entry)
  }

  around<T>(call: Call<T>, ask: (context: Context) => Details<ValueOf<T>>): Details<ValueOf<T>> {
    const hooks = [...this.#hooks].map(({ hook }) => hook)
    let { context } = call
    for (const hook of hooks) {
      const before = context
      const more = this.#safely(() => hook.before?.({ ...call, context: before }))
      if (more !== undefined)
        context = this.#safely(() => (isObject(before) ? { ...before, ...more } : before)) ?? before
    }
    const asked = { ...call, context }
    const details = ask(context)
    const stage = details.errorCode === undefined ? 'after' : 'error'
    for (const hook of hooks.reverse()) {
      this.#safely(() => hook[stage]?.(asked, details))
      this.#safely(() => hook.finally?.(asked, details))
    }
    return details
  }

  #safely<R>(run: () => R): R | undefined {
    try {
      return run()
    } catch (error) {
      this.#onThrow(error)
      return undefined
    }
  }
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)
