import express, { type Request, type Router } from 'express'
import { findInvoice, type Invoice, invoicesOf, termsOf, totalsOf } from '../population/invoices.ts'
import type { Account, Population } from '../population/population.ts'
import { ApiError } from './api-error.ts'
import { answerQuestion } from './assistant.ts'
import { requireCustomer } from './customer.ts'
import { FLAGS } from './flags.ts'
import { priceDrafts, readDraft, readDrafts } from './invoice-drafts.ts'
import type { DashboardData, InvoiceSummary } from './page-data.ts'
import { type PdfRouteOptions, sendPdf } from './pdf-route.ts'

/** The events that the A/B test of the dashboard is read by are this one and `EXPORT_EVENT`. */
export const CREATED_EVENT = 'invoice.created'

export interface ProductOptions extends PdfRouteOptions {
  readonly population: Population
  readonly now: () => number
}

const summaryOf = (invoice: Invoice): InvoiceSummary => ({
  id: invoice.id,
  number: invoice.number,
  customer: invoice.customer,
  issuedOn: invoice.issuedOn,
  lines: invoice.lines.length,
  currency: invoice.currency,
  gross: totalsOf(invoice).gross,
})

function dashboardOf(account: Account, layout: string): DashboardData {
  const summaries = invoicesOf(account).map(summaryOf)
  return {
    layout,
    invoices: summaries.length,
    customers: new Set(summaries.map(summary => summary.customer)).size,
    currency: termsOf(account).currency,
    gross: summaries.reduce((sum, summary) => sum + summary.gross, 0),
    latest: summaries.at(-1),
  }
}

function messageIn(body: unknown): string {
  const message = typeof body === 'object' && body !== null && 'message' in body ? body.message : undefined
  if (typeof message === 'string' && message.trim() !== '' && message.length <= 1_000) return message
  throw new ApiError(400, 'bad-request', '"message" must be a text of 1 to 1,000 characters')
}

function requireFeature(req: Request, flag: string, what: string): void {
  if (!req.dimmer.isEnabled(flag)) throw new ApiError(403, 'not-available', `${what} is not available for this user`)
}

/** What customers use. Needs `req.dimmer`. */
export function productRoutes(options: ProductOptions): Router {
  const router = express.Router()
  const today = () => new Date(options.now()).toISOString().slice(0, 10)
  const accountOf = (req: Request) => requireCustomer(options.population, req).account
  const ownAccount = (req: Request<{ accountId: string }>) => {
    const account = accountOf(req)
    if (account.id === req.params.accountId) return account
    throw new ApiError(403, 'not-your-account', `You do not belong to ${req.params.accountId}`)
  }

  router.get('/accounts/:accountId/invoices', (req, res) => {
    res.json({ invoices: invoicesOf(ownAccount(req)).map(summaryOf) })
  })
  router.get('/accounts/:accountId/invoices/:id/pdf', async (req, res) => {
    const invoice = findInvoice(ownAccount(req), req.params.id)
    if (!invoice) throw new ApiError(404, 'unknown-invoice', `There is no invoice ${req.params.id}`)
    await sendPdf({ res, dimmer: req.dimmer, invoice }, options)
  })
  router.get('/dashboard', (req, res) => {
    res.json(dashboardOf(accountOf(req), req.dimmer.value(FLAGS.redesignedDashboard, 'classic')))
  })
  router.post('/invoices', express.json({ limit: '1mb' }), (req, res) => {
    const [invoice] = priceDrafts([readDraft(req.body)], termsOf(accountOf(req)), today())
    req.dimmer.track(CREATED_EVENT)
    res.status(201).json({ invoice })
  })
  router.post('/invoices/bulk', express.json({ limit: '5mb' }), (req, res) => {
    const account = accountOf(req)
    requireFeature(req, FLAGS.bulkInvoiceApi, 'The bulk API')
    res.json({ invoices: priceDrafts(readDrafts(req.body), termsOf(account), today()) })
  })
  router.post('/chat', express.json(), (req, res) => {
    const account = accountOf(req)
    requireFeature(req, FLAGS.aiChatbot, 'The assistant')
    res.json({ reply: answerQuestion(messageIn(req.body), invoicesOf(account)) })
  })
  return router
}
