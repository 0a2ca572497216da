import type { Ruleset, Segment, UnitList } from '@dimmer/engine'
import type { ListReference } from '@dimmer/protocol'
import { parseJson } from './parse-json.ts'
import type { SdkHttp } from './sdk-http.ts'

/** The header with which a stream is asked to give long lists by hash. */
export const LISTS_BY_HASH: Readonly<Record<string, string>> = { 'x-dimmer-lists': 'by-hash' }

type Lists = ReadonlyMap<string, readonly string[]>

export interface ListInboxDeps {
  readonly http: SdkHttp
  readonly timeoutMs: number
  /** The ruleset in use: lists that it doesn't have are forgotten. */
  readonly current: () => Ruleset | undefined
  /** A list can't be had. What was waiting is dropped. */
  readonly onFailed: (message: string) => void
}

interface Waiting {
  readonly message: unknown
  readonly take: (message: unknown) => void
}

const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isReference = (value: unknown): value is ListReference =>
  isTable(value) && typeof value.hash === 'string' && !('ids' in value)

const isIds = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every(id => typeof id === 'string')

function segmentsOf(message: unknown): readonly (readonly [string, unknown])[] {
  return isTable(message) && isTable(message.segments) ? Object.entries(message.segments) : []
}

function hashesIn(message: unknown): readonly string[] {
  return segmentsOf(message).flatMap(([, segment]) =>
    isTable(segment) ? [segment.list, segment.exclude].filter(isReference).map(({ hash }) => hash) : [],
  )
}

function filled(message: unknown, lists: Lists): unknown {
  if (!isTable(message) || hashesIn(message).length === 0) return message
  const fill = (list: unknown): unknown =>
    isReference(list) ? { unit: list.unit, ids: lists.get(list.hash) ?? [] } : list
  const segments = segmentsOf(message).map(([key, segment]): [string, unknown] => {
    if (!isTable(segment)) return [key, segment]
    const changed = { ...segment }
    if (isReference(segment.list)) changed.list = fill(segment.list)
    if (isReference(segment.exclude)) changed.exclude = fill(segment.exclude)
    return [key, changed]
  })
  return { ...message, segments: Object.fromEntries(segments) }
}

/**
 * Passes the messages of a stream on in their order, each once the long lists that it refers to have been fetched. One
 * that needs nothing, with nobody before it, is passed on at once.
 */
export class ListInbox {
  readonly #deps: ListInboxDeps
  readonly #lists = new Map<string, readonly string[]>()
  #waiting: Waiting[] = []
  #abort = new AbortController()
  #working = false

  constructor(deps: ListInboxDeps) {
    this.#deps = deps
  }

  /** False: it waits for lists. */
  push(message: unknown, take: (message: unknown) => void): boolean {
    if (!this.#working && this.#missing(message).length === 0) {
      take(filled(message, this.#lists))
      return true
    }
    this.#waiting.push({ message, take })
    if (!this.#working) void this.#work()
    return false
  }

  /** Forgets what is waiting: its stream is over. Lists that have come are kept. */
  clear(): void {
    this.#abort.abort()
    this.#abort = new AbortController()
    this.#waiting = []
    this.#working = false
  }

  #missing(message: unknown): readonly string[] {
    return [...new Set(hashesIn(message))].filter(hash => !this.#lists.has(hash))
  }

  async #work(): Promise<void> {
    this.#working = true
    const { signal } = this.#abort
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      for (const hash of this.#missing(next.message)) {
        const failure = await this.#fetch(hash, signal)
        if (signal.aborted) return
        if (failure !== undefined) {
          this.clear()
          this.#deps.onFailed(failure)
          return
        }
      }
      this.#waiting.shift()
      next.take(filled(next.message, this.#lists))
      if (signal.aborted) return
      this.#forgetUnused()
    }
    this.#working = false
  }

  /** Gives what went wrong, if something did. */
  async #fetch(hash: string, signal: AbortSignal): Promise<string | undefined> {
    const { http, timeoutMs } = this.#deps
    const answer = await http.exchange({ path: `/sdk/v1/lists/${encodeURIComponent(hash)}`, signal, timeoutMs })
    if (answer.kind === 'unchanged') return 'a list came without its ids'
    if (answer.kind !== 'ok') return `a list can't be fetched: ${answer.message}`
    const ids = parseJson(answer.text)
    if (!isIds(ids)) return 'the server sent something that is no list'
    this.#lists.set(hash, ids)
    return undefined
  }

  #forgetUnused(): void {
    const segments = Object.values(this.#deps.current()?.segments ?? {})
    const used = new Set(segments.flatMap(idsOf))
    const wanted = new Set(this.#waiting.flatMap(({ message }) => hashesIn(message)))
    for (const [hash, ids] of this.#lists) if (!used.has(ids) && !wanted.has(hash)) this.#lists.delete(hash)
  }
}

function idsOf({ list, exclude }: Segment): readonly (readonly string[])[] {
  return [list, exclude].filter((one): one is UnitList => one !== undefined).map(({ ids }) => ids)
}
