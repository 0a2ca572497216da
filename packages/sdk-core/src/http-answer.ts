export type AnswerKind = 'ok' | 'unchanged' | 'refused' | 'rejected' | 'failed'

/**
 * What an HTTP status means to an SDK. `refused`: the key is not valid, asking again won't help. `rejected`: this
 * request will never be taken. `failed`: worth another try.
 */
export function answerKind(status: number): AnswerKind {
  if (status === 304) return 'unchanged'
  if (status >= 200 && status < 300) return 'ok'
  if (status === 401 || status === 403) return 'refused'
  return status >= 400 && status < 500 && status !== 408 && status !== 429 ? 'rejected' : 'failed'
}

const MAX_RETRY_AFTER_MS = 300_000

/** What a `Retry-After` asks for, in ms, at the most five minutes; 0 if it gives no number of seconds. */
export function retryAfterMs(header: string | null): number {
  const seconds = Number(header)
  return seconds > 0 ? Math.min(seconds * 1000, MAX_RETRY_AFTER_MS) : 0
}
