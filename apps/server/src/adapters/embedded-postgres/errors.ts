/** What went wrong: `folder-locked` another live process has the data folder; `start-failed` see the end of the server's log in the message. */
export type EmbeddedPostgresErrorCode =
  | 'unsupported-platform'
  | 'broken-binaries'
  | 'folder-locked'
  | 'folder-not-ours'
  | 'cannot-run-as-root'
  | 'unknown-user'
  | 'other-major-version'
  | 'start-failed'

/** The embedded PostgreSQL cannot be had; the message says what the person who started Dimmer can do about it. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError'
  readonly code: EmbeddedPostgresErrorCode

  constructor(code: EmbeddedPostgresErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
