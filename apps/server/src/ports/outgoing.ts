/** A request to an address that people have typed in: a webhook, a metrics server. */
export interface OutgoingRequest {
  /** http or https; without user and password. */
  readonly url: string
  /** Absent: GET. */
  readonly method?: 'GET' | 'POST' | 'PUT'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** For all of it, redirects included. Absent: 10 s. */
  readonly timeoutMs?: number
  /** Longest body of an answer. Absent: 1 MB. */
  readonly maxBytes?: number
}

/** Whatever was answered, also a refusal. */
export interface OutgoingAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** Why there was no answer. `not-allowed`: the address is not public, and the settings don't allow it. */
export type OutgoingFailure =
  | 'invalid-url'
  | 'invalid-header'
  | 'not-allowed'
  | 'unreachable'
  | 'timed-out'
  | 'too-large'
  | 'too-many-redirects'

/** The message is for people, and names neither headers nor body. */
export class OutgoingError extends Error {
  override readonly name = 'OutgoingError' as const
  readonly code: OutgoingFailure

  constructor(code: OutgoingFailure, message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.code = code
  }
}

/**
 * Sends requests to other servers, and only to public addresses unless the settings allow more. What is connected to
 * is the address that was checked. A GET follows up to 3 redirects, each checked anew; others follow none.
 */
export interface Outgoing {
  /** Rejects with an `OutgoingError` when no whole answer came. */
  send(request: OutgoingRequest): Promise<OutgoingAnswer>
}
