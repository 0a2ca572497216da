import type { BoundClient } from '@dimmer/node'
import type { Response } from 'express'
import { type EngineName, type PdfEngine, RenderTimeout } from '../pdf/pdf-engine.ts'
import type { Invoice } from '../population/invoices.ts'
import { ApiError } from './api-error.ts'
import { FLAGS } from './flags.ts'

/** The event that the rollout of the new engine is judged by. */
export const PDF_EVENT = 'pdf.generated'

/** A customer has got a PDF. */
export const EXPORT_EVENT = 'pdf.exported'

export interface PdfRouteOptions {
  readonly engines: Readonly<Record<EngineName, PdfEngine>>
  /** A PDF that takes more than so many ms of processor time is given up. */
  readonly renderTimeoutMs: number
}

async function render(engine: PdfEngine, invoice: Invoice, budgetMs: number): Promise<Uint8Array> {
  if (invoice.customerTaxNumber === undefined) {
    throw new ApiError(422, 'tax-number-missing', `Invoice ${invoice.number} lacks the customer's tax number`)
  }
  try {
    return await engine.render(invoice, { budgetMs })
  } catch (error) {
    if (!(error instanceof RenderTimeout)) throw error
    throw new ApiError(504, 'pdf-timed-out', `Invoice ${invoice.number}: ${error.message}`)
  }
}

/** Sends an invoice as a PDF by the engine that the flag says, and reports to Dimmer how it went. */
export async function sendPdf(
  { res, dimmer, invoice }: { res: Response; dimmer: BoundClient; invoice: Invoice },
  options: PdfRouteOptions,
): Promise<void> {
  const engine = options.engines[dimmer.isEnabled(FLAGS.newPdfEngine) ? 'new' : 'classic']
  res.setHeader('x-pdf-engine', engine.name)
  const started = performance.now()
  const report = (ok: boolean) => dimmer.track(PDF_EVENT, { ok, ms: performance.now() - started })
  try {
    const pdf = await render(engine, invoice, options.renderTimeoutMs)
    report(true)
    dimmer.track(EXPORT_EVENT)
    res.type('application/pdf').attachment(`${invoice.id}.pdf`).end(pdf)
  } catch (error) {
    report(false)
    throw error
  }
}
