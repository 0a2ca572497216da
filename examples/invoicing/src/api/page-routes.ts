import type { DimmerClient } from '@dimmer/node'
import express, { type Router } from 'express'
import type { Population } from '../population/population.ts'
import { ApiError } from './api-error.ts'
import { contextOf, findCustomer } from './customer.ts'
import { FLAGS } from './flags.ts'
import type { PageConfig, PageDimmer } from './page-data.ts'
import { samplePeople } from './sample-people.ts'

export interface PageOptions {
  /** Folder of the built page. */
  readonly root: string
  readonly dimmer: PageDimmer
}

/** The flags as they are for this customer now, so that the page's first paint is right. */
function bootstrapFor(client: DimmerClient, context: ReturnType<typeof contextOf>): PageConfig['bootstrap'] {
  const { redesignedDashboard, ...switches } = FLAGS
  const enabled = Object.values(switches).map(key => [key, client.isEnabled(key, context)] as const)
  return {
    ...Object.fromEntries(enabled),
    [redesignedDashboard]: client.value(redesignedDashboard, context, 'classic'),
  }
}

/** The web page and what it needs to start. Served in maintenance too: the page has to say so. */
export function pageRoutes(page: PageOptions, deps: { client: DimmerClient; population: Population }): Router {
  const people = samplePeople(deps.population)
  const router = express.Router()
  router.get('/config.json', (req, res) => {
    const userId = typeof req.query.user === 'string' ? req.query.user : (people[0]?.userId ?? '')
    const customer = findCustomer(deps.population, userId)
    if (!customer) throw new ApiError(404, 'unknown-user', `There is no user ${userId}`)
    const context = contextOf(customer)
    const bootstrap = bootstrapFor(deps.client, context)
    const config: PageConfig = { ...customer, dimmer: page.dimmer, context, bootstrap, people }
    res.setHeader('cache-control', 'no-store').json(config)
  })
  router.use(express.static(page.root))
  return router
}
