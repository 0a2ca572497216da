import type { Directory } from '@dimmer/engine'
import type { Db } from '../../kernel/database.ts'
import type { Clock } from '../../ports/clock.ts'
import { selectDirectory } from './directory-store.ts'

/** A directory, and when it was read, in epoch ms. */
export interface LoadedDirectory {
  readonly directory: Directory
  readonly at: number
}

interface Entry {
  readonly loading: Promise<LoadedDirectory>
  /** Until when it is good enough; endless while it is being read. */
  goodUntil: number
}

const GOOD_FOR_MS = 5_000
/** A directory that takes long to read is kept longer, so that at most a twentieth of the time goes into reading. */
const GOOD_FOR_READS = 20
const MOST_KEPT = 3

/** The directories that forecasts were lately made over, in memory: a few seconds old at the most, unless they are huge. */
export class Directories {
  readonly #db: Db
  readonly #clock: Clock
  readonly #entries = new Map<string, Entry>()

  constructor(deps: { readonly db: Db; readonly clock: Clock }) {
    this.#db = deps.db
    this.#clock = deps.clock
  }

  of(projectId: string): Promise<LoadedDirectory> {
    const known = this.#entries.get(projectId)
    this.#entries.delete(projectId)
    const entry = known !== undefined && this.#clock.now() < known.goodUntil ? known : this.#read(projectId)
    this.#entries.set(projectId, entry)
    const [oldest] = this.#entries.keys()
    if (this.#entries.size > MOST_KEPT && oldest !== undefined) this.#entries.delete(oldest)
    return entry.loading
  }

  /** Reads it anew when it is next asked for. */
  forget(projectId: string): void {
    this.#entries.delete(projectId)
  }

  #read(projectId: string): Entry {
    const at = this.#clock.now()
    const loading = selectDirectory(this.#db, projectId).then(directory => ({ directory, at }))
    const entry: Entry = { loading, goodUntil: Number.POSITIVE_INFINITY }
    loading.then(
      () => {
        const now = this.#clock.now()
        entry.goodUntil = now + Math.max(GOOD_FOR_MS, GOOD_FOR_READS * (now - at))
      },
      () => {
        if (this.#entries.get(projectId) === entry) this.#entries.delete(projectId)
      },
    )
    return entry
  }
}
