import type { OfrepBulkAnswer } from '@dimmer/protocol'
import { type Answer, type Api, ask } from './api.ts'
import { attempt } from './attempt.ts'
import type { BrowserContext, EvaluatedFlag } from './types.ts'

const TIMEOUT_MS = 10_000

export type Flags = ReadonlyMap<string, EvaluatedFlag>

/** Values as the server gave them, with what it takes to ask whether they are still current, and to hear of changes. */
export interface Values {
  readonly flags: Flags
  readonly version: number
  readonly etag: string | null | undefined
  /** The address where changes are told; undefined: nowhere. */
  readonly stream: string | undefined
}

/**
 * What the server said to a request for values. `refused`: the key is not valid. `rejected`: the context is none that the
 * server takes. `ok` without values: something in between has answered in its own words.
 */
export interface Evaluations extends Answer {
  readonly values: Values | undefined
}

/** What is equal stays the same object, so that nothing is drawn again without need. */
function merge(before: Flags, { flags }: OfrepBulkAnswer): Flags {
  const after = new Map<string, EvaluatedFlag>()
  let equal = 0
  for (const { key, value, variant, reason } of flags) {
    // An entry without a value is one that could not be evaluated.
    if (value === undefined) continue
    const flag = { value, variant, reason }
    const old = before.get(key)
    const same = old && JSON.stringify(old) === JSON.stringify(flag)
    if (same) equal++
    after.set(key, same ? old : flag)
  }
  return equal === after.size && equal === before.size ? before : after
}

export interface EvaluationsRequest {
  readonly context: BrowserContext | null
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
  const values = attempt((): Values => {
    const bulk = answer.body as OfrepBulkAnswer
    const stream = bulk.eventStreams?.[0]?.endpoint.requestUri
    return { flags: merge(flags, bulk), version: bulk.metadata.version, etag: answer.etag, stream }
  })
  return { ...answer, values }
}
