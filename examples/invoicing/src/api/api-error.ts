import type { ErrorRequestHandler } from 'express'

/** An answer other than success, with a code for programs and a sentence for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError' as const
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

/** Errors that Express and its body parser throw on bad input carry the status to answer with. */
const isBadInput = (error: unknown): error is Error & { status: number } =>
  error instanceof Error && 'status' in error && typeof error.status === 'number' && error.status < 500

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  if (isBadInput(error)) return new ApiError(error.status, 'bad-request', error.message)
  return new ApiError(500, 'internal', 'Something went wrong on our side')
}

/** The last handler: turns whatever was thrown into `{ error: { code, message } }`. */
export const answerErrors: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (res.headersSent) {
    next(error)
    return
  }
  const { status, code, message } = toApiError(error)
  res.status(status).json({ error: { code, message } })
}
