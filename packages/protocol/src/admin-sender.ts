/** How the admin client sends a request, and what it makes of the answer. */
import { REQUEST_HEADER } from './access-messages.ts'
import type { ErrorBody, ErrorCode, ErrorDetail } from './errors.ts'

/** An error answer of the admin API. `code` is from the catalogue; "unreachable" when no answer came. */
export class AdminApiError extends Error {
  override readonly name = 'AdminApiError' as const
  readonly status: number
  readonly code: ErrorCode | 'unreachable'
  readonly details: readonly ErrorDetail[]

  constructor(status: number, code: ErrorCode | 'unreachable', message: string, details: readonly ErrorDetail[] = []) {
    super(message)
    this.status = status
    this.code = code
    this.details = details
  }
}

export interface AdminClientOptions {
  /** Where the server is, e.g. "http://127.0.0.1:4400". Empty in a page that the server itself serves. */
  readonly url: string
  /** Admin token; not needed on loopback without one. */
  readonly token?: string
  readonly fetch?: typeof globalThis.fetch
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
type Headers = Readonly<Record<string, string>>
/** Sends JSON, or a file as it is, to a path below /api/v1. Rejects with an `AdminApiError` when the answer is not a success. */
export type Send = <T>(method: Method, path: string, body?: unknown, headers?: Headers) => Promise<T>

export const enc = encodeURIComponent
export const query = (values: Readonly<Record<string, string | number | undefined>>): string => {
  const pairs = Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${enc(value)}`]))
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

/** Browsers name the type of a file by what else is installed; it must say CSV. */
export const asCsv = (file: Blob): Blob => new Blob([file], { type: 'text/csv' })

const isErrorBody = (body: unknown): body is ErrorBody =>
  typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'object' && body.error !== null

export function sender(options: AdminClientOptions): Send {
  const doFetch = options.fetch ?? globalThis.fetch.bind(globalThis)
  return async <T>(method: Method, path: string, body?: unknown, more: Headers = {}): Promise<T> => {
    const headers: Record<string, string> = { accept: 'application/json', [REQUEST_HEADER]: '1', ...more }
    if (options.token !== undefined) headers.authorization = `Bearer ${options.token}`
    const sent = body instanceof Blob || body === undefined ? body : JSON.stringify(body)
    if (sent !== undefined) headers['content-type'] = sent instanceof Blob ? sent.type : 'application/json'
    let response: Response
    try {
      const init = sent === undefined ? { method, headers } : { method, headers, body: sent }
      response = await doFetch(`${options.url}/api/v1${path}`, init)
    } catch (cause) {
      throw new AdminApiError(0, 'unreachable', `The Dimmer server cannot be reached: ${String(cause)}`)
    }
    const text = await response.text()
    const answer: unknown = text === '' ? undefined : parse(text)
    if (response.ok) return answer as T
    if (isErrorBody(answer)) {
      throw new AdminApiError(response.status, answer.error.code, answer.error.message, answer.error.details)
    }
    throw new AdminApiError(response.status, 'internal', `The server answered ${response.status}`)
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
