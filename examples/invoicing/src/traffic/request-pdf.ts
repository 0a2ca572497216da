import type { Agent } from 'node:http'
import { get } from 'node:http'
import type { EngineName } from '../pdf/pdf-engine.ts'

/** What a customer asks for: one invoice as a PDF. */
export interface PdfRequest {
  readonly baseUrl: string
  readonly accountId: string
  readonly userId: string
  readonly invoiceId: string
}

export interface PdfAnswer {
  /** HTTP status; 0 if no answer came. */
  readonly status: number
  /** The engine that worked on it; undefined if none did. */
  readonly engine: EngineName | undefined
  readonly ms: number
  readonly bytes: number
}

const engineOf = (header: string | string[] | undefined): EngineName | undefined =>
  header === 'classic' || header === 'new' ? header : undefined

/** Asks the example's API over HTTP and reads the whole answer. Never rejects: no answer is status 0. */
export function requestPdf(request: PdfRequest, options: { agent: Agent; timeoutMs: number }): Promise<PdfAnswer> {
  const url = `${request.baseUrl}/accounts/${request.accountId}/invoices/${request.invoiceId}/pdf`
  const started = performance.now()
  return new Promise(resolve => {
    const end = (status: number, engine: EngineName | undefined, bytes: number) =>
      resolve({ status, engine, bytes, ms: performance.now() - started })
    const headers = { 'x-user-id': request.userId }
    const sent = get(url, { agent: options.agent, headers, timeout: options.timeoutMs }, response => {
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      response.on('end', () => end(response.statusCode ?? 0, engineOf(response.headers['x-pdf-engine']), bytes))
      response.on('error', () => end(0, undefined, bytes))
    })
    sent.on('timeout', () => sent.destroy())
    sent.on('error', () => end(0, undefined, 0))
  })
}
