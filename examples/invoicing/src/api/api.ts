/** The invoicing product's HTTP API, with Dimmer deciding who gets what. */
import type { DimmerClient } from '@dimmer/node'
import { dimmerMiddleware } from '@dimmer/node/express'
import express, { type Express, type Request } from 'express'
import { createClassicEngine } from '../pdf/classic-engine.ts'
import { createNewEngine } from '../pdf/new-engine.ts'
import type { EngineRelease } from '../pdf/new-layout.ts'
import type { Population } from '../population/population.ts'
import { ApiError, answerErrors } from './api-error.ts'
import { contextOf, customerIn } from './customer.ts'
import { FLAGS } from './flags.ts'
import { type PageOptions, pageRoutes } from './page-routes.ts'
import { productRoutes } from './product-routes.ts'

export interface InvoicingApiOptions {
  /** The connection to Dimmer. Stays the caller's: closing it is not up to the API. */
  readonly client: DimmerClient
  readonly population: Population
  /** Release of the new PDF engine. Default "2.0.1". */
  readonly engineRelease?: EngineRelease
  /** A PDF that takes more than so many ms of processor time is given up with 504. Default 1,000. */
  readonly renderTimeoutMs?: number
  /** The clock, ms since 1970, for the dates of new invoices. Default `Date.now`. Durations are always real. */
  readonly now?: () => number
  /** Serves the web page as well. */
  readonly page?: PageOptions
}

/** Puts `req.dimmer` on each request, and tells Dimmer about each account once. */
function introduce({ client, population }: InvoicingApiOptions) {
  const known = new Set<string>()
  return dimmerMiddleware<Request>(client, request => {
    const customer = customerIn(population, request)
    if (!customer) return {}
    const context = contextOf(customer)
    if (!known.has(customer.account.id)) client.identify(context)
    known.add(customer.account.id)
    return context
  })
}

/** Makes the Express app; `listen` starts it. It answers errors as `{ error: { code, message } }`. */
export function createInvoicingApi(options: InvoicingApiOptions): Express {
  const { client, population } = options
  const app = express()
  app.disable('x-powered-by')
  app.get('/healthz', (_req, res) => {
    res.json({ ok: true, dimmer: client.status().state })
  })
  if (options.page) app.use(pageRoutes(options.page, { client, population }))
  app.use(introduce(options))
  app.use((req, _res, next) => {
    if (!req.dimmer.isEnabled(FLAGS.maintenanceMode)) return next()
    throw new ApiError(503, 'maintenance', 'We are working on it and will be back soon')
  })
  app.use(
    productRoutes({
      population,
      engines: {
        classic: createClassicEngine(),
        new: createNewEngine(options.engineRelease === undefined ? {} : { release: options.engineRelease }),
      },
      renderTimeoutMs: options.renderTimeoutMs ?? 1_000,
      now: options.now ?? Date.now,
    }),
  )
  app.use(() => {
    throw new ApiError(404, 'not-found', 'There is nothing at this address')
  })
  app.use(answerErrors)
  return app
}
