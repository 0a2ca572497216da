import type { OfrepBulkAnswer } from '@dimmer/protocol'
import type { AnswerKind } from '@dimmer/sdk-core'
import { type Api, ask } from './api.ts'
import { attempt } from './attempt.ts'
import type { BrowserContext, EvaluatedFlag } from './types.ts'

const TIMEOUT_MS = 10_000

export type Flags = ReadonlyMap<string, EvaluatedFlag>

/** What the server said to a request for values. */
export type Evaluations =
  | {
      readonly kind: 'values'
      readonly flags: Flags
      readonly version: number
      readonly etag: string | null | undefined
    }
  /** `refused`: the key is not valid. `rejected`: the context is none that the server takes. */
  | { readonly kind: Exclude<AnswerKind, 'ok'>; readonly retryAfterMs: number }

/** Equal flags stay the same objects, so that nothing is drawn again without need. */
function merge(before: Flags, { flags }: OfrepBulkAnswer): Flags {
  const after = new Map<string, EvaluatedFlag>()
  for (const { key, value, variant, reason } of flags) {
    // An entry without a value is one that could not be evaluated.
    if (value === undefined) continue
    const flag = { value, variant, reason }
    const old = before.get(key)
    after.set(key, old && JSON.stringify(old) === JSON.stringify(flag) ? old : flag)
  }
  return after
}

export interface EvaluationsRequest {
  readonly context: BrowserContext
  /** The values so far, and the ETag they came with if they were for the same context. */
  readonly flags: Flags
  readonly etag: string | null | undefined
  readonly abort: AbortController
}

/** Asks for the values of all flags. Never rejects. */
export async function fetchEvaluations(api: Api, request: EvaluationsRequest): Promise<Evaluations> {
  const { context, flags, etag, abort } = request
  const timer = setTimeout(() => abort.abort(), TIMEOUT_MS)
  const headers: Record<string, string> = etag ? { 'if-none-match': etag } : {}
  const answer = await ask(api, '/ofrep/v1/evaluate/flags', { context }, { headers, signal: abort.signal })
  clearTimeout(timer)
  const { kind, body, retryAfterMs = 0 } = answer
  // Something in between may answer in its own words.
  const values = attempt((): Evaluations => {
    const bulk = body as OfrepBulkAnswer
    return { kind: 'values', flags: merge(flags, bulk), version: bulk.metadata.version, etag: answer.etag }
  })
  return values ?? { kind: kind === 'ok' ? 'failed' : kind, retryAfterMs }
}
