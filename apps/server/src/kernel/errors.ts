import { ERRORS, type ErrorCode, type ErrorDetail } from '@dimmer/protocol'

interface AppErrorOptions {
  readonly details?: readonly ErrorDetail[]
  readonly retryAfter?: number
  readonly cause?: unknown
}

/** An expected failure with a code from the catalogue. Everything else that is thrown becomes `internal`. */
export class AppError extends Error {
  override readonly name = 'AppError' as const
  readonly code: ErrorCode
  readonly details: readonly ErrorDetail[]
  /** Seconds after which it is worth trying again. */
  readonly retryAfter: number | undefined

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.details = options.details ?? []
    this.retryAfter = options.retryAfter
  }

  get status(): number {
    return ERRORS[this.code].status
  }
}
