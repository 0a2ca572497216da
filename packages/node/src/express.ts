import type { BoundClient, Context, DimmerClient } from './types.ts'

declare global {
  namespace Express {
    interface Request {
      /** Dimmer for this request's context; its decisions don't change while the request is served. */
      dimmer: BoundClient
    }
  }
}

/**
 * Express middleware that puts a client for the request's context on `req.dimmer`. Use it after whatever finds out who
 * is asking. What `contextOf` throws goes to Express, like any error of a middleware.
 *
 * @example
 * app.use(dimmerMiddleware(client, req => ({ accountId: req.get('x-account-id') })))
 * app.get('/', (req, res) => res.send(req.dimmer.isEnabled('redesigned-dashboard') ? 'new' : 'old'))
 */
export function dimmerMiddleware<Request extends object>(
  client: DimmerClient,
  contextOf: (request: Request) => Context,
): (request: Request, response: unknown, next: () => void) => void {
  return (request, _response, next) => {
    Object.assign(request, { dimmer: client.forRequest(contextOf(request)) })
    next()
  }
}
