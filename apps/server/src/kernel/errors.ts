import { ERRORS, type ErrorCode, type ErrorDetail } from '@dimmer/protocol'

/** An expected failure with a code from the catalogue. Everything else that is thrown becomes `internal`. */
export class AppError extends Error {
  override readonly name = 'AppError' as const
  readonly code: ErrorCode
  readonly details: readonly ErrorDetail[]

  constructor(code: ErrorCode, message: string, options: { details?: readonly ErrorDetail[]; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.details = options.details ?? []
  }

  get status(): number {
    return ERRORS[this.code].status
  }
}
