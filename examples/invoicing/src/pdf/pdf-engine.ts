import type { Invoice } from '../population/invoices.ts'

export type EngineName = 'classic' | 'new'

export interface RenderOptions {
  /** Ends the work when it takes too long; `render` then rejects with the signal's reason. */
  readonly signal: AbortSignal
}

/** Turns invoices into PDF files. Both engines put the same lines and totals on the pages, each in its own look. */
export interface PdfEngine {
  readonly name: EngineName
  render(invoice: Invoice, options: RenderOptions): Promise<Uint8Array>
}
