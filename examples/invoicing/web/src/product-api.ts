/** The page's calls to the invoicing API. */
import type { DashboardData, InvoiceSummary, PageConfig } from '../../src/api/page-data.ts'

/** The API said no; the message is for people. */
class ProductError extends Error {
  override readonly name = 'ProductError' as const
}

async function messageOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => undefined)
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined
  const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : undefined
  return typeof message === 'string' ? message : `The server answered ${response.status}`
}

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(path, init)
  if (!response.ok) throw new ProductError(await messageOf(response))
  return response
}

export async function loadConfig(userId: string | undefined): Promise<PageConfig> {
  const response = await ask(`/config.json${userId === undefined ? '' : `?user=${encodeURIComponent(userId)}`}`)
  return response.json()
}

export interface DownloadedPdf {
  readonly engine: string
  readonly bytes: number
  readonly ms: number
}

export type ProductApi = ReturnType<typeof createProductApi>

/** The API as one user sees it. Every call rejects with a `ProductError` when the API says no. */
export function createProductApi({ user, account }: Pick<PageConfig, 'user' | 'account'>) {
  const headers = { 'x-user-id': user.id, 'content-type': 'application/json' }
  const post = (path: string, body: unknown) => ask(path, { method: 'POST', headers, body: JSON.stringify(body) })
  return {
    async dashboard(): Promise<DashboardData> {
      return (await ask('/dashboard', { headers })).json()
    },
    async invoices(): Promise<readonly InvoiceSummary[]> {
      const response = await ask(`/accounts/${account.id}/invoices`, { headers })
      const { invoices }: { invoices: readonly InvoiceSummary[] } = await response.json()
      return invoices
    },
    /** Asks for the PDF and hands it to the browser as a download. */
    async downloadPdf(invoiceId: string): Promise<DownloadedPdf> {
      const started = performance.now()
      const response = await ask(`/accounts/${account.id}/invoices/${invoiceId}/pdf`, { headers })
      const blob = await response.blob()
      const link = document.createElement('a')
      link.href = URL.createObjectURL(blob)
      link.download = `${invoiceId}.pdf`
      link.click()
      URL.revokeObjectURL(link.href)
      const engine = response.headers.get('x-pdf-engine') ?? 'unknown'
      return { engine, bytes: blob.size, ms: performance.now() - started }
    },
    async chat(message: string): Promise<string> {
      const { reply }: { reply: string } = await (await post('/chat', { message })).json()
      return reply
    },
    /** Prices drafts; returns how many. */
    async bulk(drafts: readonly unknown[]): Promise<number> {
      const { invoices }: { invoices: readonly unknown[] } = await (
        await post('/invoices/bulk', { invoices: drafts })
      ).json()
      return invoices.length
    },
  }
}
