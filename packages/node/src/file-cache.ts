import { createHash, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Ruleset } from '@dimmer/engine'
import { parseJson } from './parse-json.ts'

const FORMAT = 1

/** What was kept from an earlier run. */
export interface CachedRuleset {
  /** As it was parsed; to be checked like any other. */
  readonly ruleset: unknown
  /** When the server last confirmed it, epoch ms. */
  readonly confirmedAt: number
}

export interface FileCacheOptions {
  readonly folder: string
  /** Rulesets of other servers and keys never mix. */
  readonly url: string
  readonly sdkKey: string
  readonly onProblem: (message: string) => void
}

interface Entry {
  readonly ruleset: Ruleset
  readonly confirmedAt: number
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex')

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'

/**
 * The last good ruleset in a file: a line with its checksum, then the ruleset. It is written aside and renamed, so that
 * a reader finds the old one or the new one, whole.
 */
export class FileCache {
  readonly #options: FileCacheOptions
  readonly #path: string
  #next: Entry | undefined
  #writing: Promise<void> | undefined

  constructor(options: FileCacheOptions) {
    this.#options = options
    this.#path = join(options.folder, `dimmer-${digest(`${options.url}\n${options.sdkKey}`).slice(0, 32)}.json`)
  }

  /** Undefined when there is none, or none that is sound; the latter is reported. */
  load(): CachedRuleset | undefined {
    const text = this.#read()
    if (text === undefined) return undefined
    const end = text.indexOf('\n')
    const head = parseJson(text.slice(0, end))
    const body = text.slice(end + 1)
    if (!isHead(head) || head.sha256 !== digest(body)) {
      this.#options.onProblem(`${this.#path} is damaged or of another version; it is ignored`)
      return undefined
    }
    return { ruleset: parseJson(body), confirmedAt: head.confirmedAt }
  }

  /** Keeps this in the background; of several in quick succession the last. */
  save(entry: Entry): void {
    this.#next = entry
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined
    })
  }

  /** Resolves when what was given to `save` is on the disk, or couldn't be written. */
  async settled(): Promise<void> {
    await this.#writing
  }

  #read(): string | undefined {
    try {
      return readFileSync(this.#path, 'utf8')
    } catch (error) {
      if (!isMissing(error)) this.#options.onProblem(`${this.#path} cannot be read: ${reasonOf(error)}`)
      return undefined
    }
  }

  async #writeAll(): Promise<void> {
    for (let entry = this.#next; entry !== undefined; entry = this.#next) {
      this.#next = undefined
      const aside = `${this.#path}.${randomUUID()}`
      try {
        await this.#write(entry, aside)
      } catch (error) {
        // There may be nothing to remove, or nobody who may.
        await rm(aside, { force: true }).catch(() => undefined)
        this.#options.onProblem(`the ruleset cannot be kept in ${this.#path}: ${reasonOf(error)}`)
      }
    }
  }

  async #write({ ruleset, confirmedAt }: Entry, aside: string): Promise<void> {
    await mkdir(this.#options.folder, { recursive: true })
    const body = JSON.stringify(ruleset)
    const head = JSON.stringify({ format: FORMAT, sha256: digest(body), confirmedAt })
    // Readable by its owner only: a ruleset can name customers.
    await writeFile(aside, `${head}\n${body}`, { mode: 0o600, flush: true })
    await rename(aside, this.#path)
  }
}

function isHead(value: unknown): value is { readonly sha256: string; readonly confirmedAt: number } {
  if (typeof value !== 'object' || value === null) return false
  if (!('format' in value && 'sha256' in value && 'confirmedAt' in value)) return false
  return value.format === FORMAT && typeof value.sha256 === 'string' && Number.isFinite(value.confirmedAt)
}
