import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Ruleset } from '@dimmer/engine'

const WRITE_AFTER_MS = 500

export interface RulesetCacheOptions {
  readonly folder: string
  /** Of which environment it is: the edge's key. Only its hash is written. */
  readonly key: string
  readonly onError: (error: unknown) => void
}

/** The last ruleset of an edge on disk, so that it can start while its server is away. */
export class RulesetCache {
  readonly #options: RulesetCacheOptions
  readonly #path: string
  #latest: Ruleset | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(options: RulesetCacheOptions) {
    this.#options = options
    const name = createHash('sha256').update(options.key).digest('hex').slice(0, 32)
    this.#path = join(options.folder, `edge-ruleset-${name}.json`)
  }

  /** Undefined if there is none, or none that can be used. */
  async read(): Promise<Ruleset | undefined> {
    try {
      const ruleset: unknown = JSON.parse(await readFile(this.#path, 'utf8'))
      return isRuleset(ruleset) ? ruleset : undefined
    } catch (error) {
      if (!isMissing(error)) this.#options.onError(error)
      return undefined
    }
  }

  /** Writes it soon; of several in quick succession the last. */
  keep(ruleset: Ruleset): void {
    this.#latest = ruleset
    this.#timer ??= setTimeout(() => void this.flush(), WRITE_AFTER_MS)
  }

  /** Whoever reads the file, whenever, gets a whole ruleset. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const ruleset = this.#latest
    this.#latest = undefined
    if (ruleset === undefined) return
    try {
      await mkdir(this.#options.folder, { recursive: true })
      await writeFile(`${this.#path}.new`, JSON.stringify(ruleset), { mode: 0o600 })
      await rename(`${this.#path}.new`, this.#path)
    } catch (error) {
      this.#options.onError(error)
    }
  }
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'

const isRuleset = (value: unknown): value is Ruleset =>
  typeof value === 'object' && value !== null && 'version' in value && 'flags' in value && 'segments' in value
