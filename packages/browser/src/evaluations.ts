import type { OfrepBulkAnswer } from '@dimmer/protocol'
import { type Api, ask } from './api.ts'
import type { BrowserContext, EvaluatedFlag } from './types.ts'

const TIMEOUT_MS = 10_000

export type Flags = ReadonlyMap<string, EvaluatedFlag>

/** What the server said to a request for values. */
export type Evaluations =
  | { readonly kind: 'values'; readonly flags: Flags; readonly version: number; readonly etag: string | null }
  | { readonly kind: 'unchanged' }
  /** The key is not valid: asking again won't help. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'failed'; readonly retryAfterMs: number }

function isBulkAnswer(body: unknown): body is OfrepBulkAnswer {
  return typeof body === 'object' && body !== null && 'flags' in body && Array.isArray(body.flags)
}

/** Equal flags stay the same objects, so that nothing is drawn again without need. */
function merge(before: Flags, { flags }: OfrepBulkAnswer): Flags {
  const after = new Map<string, EvaluatedFlag>()
  for (const { key, value, variant, reason } of flags) {
    // An entry without a value is one that could not be evaluated.
    if (value === undefined) continue
    const flag = { value, ...(variant !== undefined && { variant }), reason }
    const old = before.get(key)
    after.set(key, old !== undefined && JSON.stringify(old) === JSON.stringify(flag) ? old : flag)
  }
  return after
}

export interface EvaluationsRequest {
  readonly context: BrowserContext
  /** The values so far, and the ETag they came with if they were for the same context. */
  readonly flags: Flags
  readonly etag: string | null
  readonly abort: AbortController
}

/** Asks for the values of all flags. Never rejects. */
export async function fetchEvaluations(api: Api, request: EvaluationsRequest): Promise<Evaluations> {
  const { context, flags, etag, abort } = request
  const timer = setTimeout(() => abort.abort(), TIMEOUT_MS)
  const headers: Record<string, string> = etag === null ? {} : { 'if-none-match': etag }
  const answer = await ask(api, '/ofrep/v1/evaluate/flags', { context }, { headers, signal: abort.signal })
  clearTimeout(timer)
  const { kind, body, retryAfterMs = 0 } = answer
  if (kind === 'unchanged' || kind === 'refused') return { kind }
  if (!isBulkAnswer(body)) return { kind: 'failed', retryAfterMs }
  return { kind: 'values', flags: merge(flags, body), version: body.metadata.version, etag: answer.etag ?? null }
}
