/** What can go wrong inside the SDK. None of it is ever thrown into the app. */
export type ProblemCode =
  /** The server refused the SDK key; the client has stopped asking. */
  | 'refused'
  /** The server cannot be reached, or the stream broke. */
  | 'unreachable'
  /** The server sent something that is no ruleset. */
  | 'invalid-message'
  /** A patch is missing; the client asks for the whole ruleset. */
  | 'gap'
  /** The server has an older ruleset than this client; it was ignored. */
  | 'older-version'
  /** The bootstrap or the file of the last ruleset cannot be used. */
  | 'invalid-seed'
  /** The last good ruleset cannot be kept on the disk, or read from it. */
  | 'cache'
  | 'not-ready'
  | 'flag-not-found'
  | 'type-mismatch'
  | 'missing-unit'
  | 'invalid-context'
  /** The ruleset has a flag or rule that is broken, or newer than this SDK; the others work. */
  | 'invalid-flag'
  /** A `track` or `identify` that cannot be sent as it is. */
  | 'invalid-event'
  /** Events had to be dropped. */
  | 'events-dropped'
  /** A listener of the app threw. */
  | 'listener-threw'

export interface Problem {
  readonly code: ProblemCode
  readonly message: string
  readonly cause?: unknown
}

export type ProblemLevel = 'error' | 'warning'

export type Report = (level: ProblemLevel, problem: Problem) => void

const MAX_KEYS = 1_000

/** Says of each key whether it is new, so that a warning comes once. Forgets everything when it is full. */
export class OnceKeys {
  readonly #keys = new Set<string>()

  isNew(key: string): boolean {
    if (this.#keys.has(key)) return false
    if (this.#keys.size >= MAX_KEYS) this.#keys.clear()
    this.#keys.add(key)
    return true
  }
}
