import { selectEnvironmentById } from '../projects/index.ts'
import type { RolloutDeps } from './carry-out.ts'
import { lookAtRollout } from './look-at-rollout.ts'
import { selectRolloutById, selectWatched } from './rollouts-store.ts'

export interface RunnerOptions {
  readonly everyMs: number
  readonly onError: (error: unknown) => void
}

/**
 * Looks may take at most four fifths of the time: one that took 400 ms is repeated after 500 ms at the earliest. A longer
 * pause would not save much: most of a look is spent on the events that came since the one before.
 */
const SHARE_OF_TIME = 1.25
/** Completed rollouts are watched too, less often. */
const COMPLETED_TIMES = 12
/** A rollout that was started is found within this time, even where the looks are further apart. */
const FOUND_WITHIN_MS = 1_000

/** Looks at all watched rollouts every few seconds, as long as the server runs. */
export class Runner {
  readonly #deps: RolloutDeps
  readonly #options: RunnerOptions
  /** When each rollout is due, by a clock that only grows. */
  readonly #due = new Map<string, number>()
  #running = false
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> | undefined

  constructor(deps: RolloutDeps, options: RunnerOptions) {
    this.#deps = deps
    this.#options = options
  }

  start(): void {
    this.#running = true
    void this.#goOn()
  }

  /** Looks at what is due, and again when the next one is. */
  async #goOn(): Promise<void> {
    await this.#alone(() => this.#lookAtDue())
    if (!this.#running) return
    this.#timer = setTimeout(() => void this.#goOn(), this.#untilNext())
    this.#timer.unref()
  }

  #untilNext(): number {
    const now = performance.now()
    const waits = [...this.#due.values()].map(due => due - now).filter(wait => wait > 0)
    return Math.min(...waits, this.#options.everyMs, FOUND_WITHIN_MS)
  }

  /** Ends after the look in progress. */
  async stop(): Promise<void> {
    this.#running = false
    clearTimeout(this.#timer)
    await this.#looking
  }

  /** One look at each watched rollout, after those in progress. */
  lookAtAll(): Promise<void> {
    return this.#alone(async () => {
      for (const { id } of await selectWatched(this.#deps.db)) await this.#look(id)
    })
  }

  /** Two looks of this node at once would only get in each other's way. */
  #alone(look: () => Promise<void>): Promise<void> {
    const going = (this.#looking ?? Promise.resolve()).then(look).finally(() => {
      if (this.#looking === going) this.#looking = undefined
    })
    this.#looking = going
    return going
  }

  async #lookAtDue(): Promise<void> {
    try {
      const watched = await selectWatched(this.#deps.db)
      const ids = new Set(watched.map(({ id }) => id))
      for (const id of this.#due.keys()) if (!ids.has(id)) this.#due.delete(id)
      for (const { id, state } of watched) {
        const started = performance.now()
        if (started < (this.#due.get(id) ?? 0)) continue
        await this.#look(id)
        const took = performance.now() - started
        const every = this.#options.everyMs * (state.status === 'completed' ? COMPLETED_TIMES : 1)
        this.#due.set(id, started + Math.max(every, took * SHARE_OF_TIME))
      }
    } catch (error) {
      this.#options.onError(error)
    }
  }

  async #look(id: string): Promise<void> {
    try {
      await lookAtRollout(this.#deps, id)
      const row = await selectRolloutById(this.#deps.db, id)
      const environment = row && (await selectEnvironmentById(this.#deps.db, row.environment_id))
      if (row && environment) {
        this.#deps.announce(environment.projectKey, { type: 'looked', rollout: id })
      }
    } catch (error) {
      this.#options.onError(error)
    }
  }
}
