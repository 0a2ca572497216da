export { createInvoicingApi, type InvoicingApiOptions } from './api/api.ts'
export { contextOf, findCustomer, USER_HEADER } from './api/customer.ts'
export { FLAGS } from './api/flags.ts'
export type { PageOptions } from './api/page-routes.ts'
export { PDF_EVENT } from './api/pdf-route.ts'
export { type Serving, serve } from './api/serve.ts'
export { type CanaryPlanOptions, canaryPlan } from './canary-plan.ts'
export { createClassicEngine } from './pdf/classic-engine.ts'
export { createNewEngine, type NewEngineOptions } from './pdf/new-engine.ts'
export type { EngineRelease } from './pdf/new-layout.ts'
export type { EngineName, PdfEngine } from './pdf/pdf-engine.ts'
export {
  findInvoice,
  type Invoice,
  invoiceIdsOf,
  invoicesOf,
  LONG_INVOICE_LINES,
  lacksTaxNumbers,
} from './population/invoices.ts'
export {
  ACCOUNT_COUNT,
  type Account,
  BULK_INVOICE_ACCOUNTS,
  createPopulation,
  type Population,
  USER_COUNT,
  type User,
} from './population/population.ts'
export { monthEnd } from './traffic/month-end.ts'
export { runTraffic, type TrafficOptions, type TrafficResult, type TrafficSummary } from './traffic/traffic.ts'
