import type { Invoice } from '../population/invoices.ts'

export type EngineName = 'classic' | 'new'

export interface RenderOptions {
  /** The most processor time in ms. The time in which other requests have their turn does not count. */
  readonly budgetMs: number
}

/** Turns invoices into PDF files. Both engines put the same lines and totals on the pages, each in its own look. */
export interface PdfEngine {
  readonly name: EngineName
  /** Rejects with a `RenderTimeout` when the budget is used up. */
  render(invoice: Invoice, options: RenderOptions): Promise<Uint8Array>
}

/** An engine has used up its budget. */
export class RenderTimeout extends Error {
  override readonly name = 'RenderTimeout' as const

  constructor(budgetMs: number) {
    super(`No PDF after ${budgetMs} ms of processor time`)
  }
}
