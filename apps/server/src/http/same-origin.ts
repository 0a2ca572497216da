import { REQUEST_HEADER } from '@dimmer/protocol'
import type { FastifyRequest } from 'fastify'
import { AppError } from '../kernel/errors.ts'

const SAFE = ['GET', 'HEAD', 'OPTIONS']

const foreign = (): AppError => new AppError('forbidden', 'Pages of other sites may not call the admin API.')

/** Where the page says that it comes from. Browsers set both headers, and no page can change them. */
function comesFromElsewhere({ headers }: FastifyRequest, publicUrl: URL | undefined): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  const { origin } = headers
  if (origin === undefined) return false
  if (origin === publicUrl?.origin) return false
  return !URL.canParse(origin) || new URL(origin).host !== headers.host
}

/**
 * Refuses changes that another site's page asks for with the cookie of somebody who is signed in here (CSRF): the
 * request must come from our own page, and bear a header that a form can't send.
 */
export function assertOwnPage(request: FastifyRequest, publicUrl: URL | undefined): void {
  if (SAFE.includes(request.method)) return
  if (comesFromElsewhere(request, publicUrl)) throw foreign()
  if (request.headers[REQUEST_HEADER] === undefined) {
    throw new AppError('forbidden', `Send the header "${REQUEST_HEADER}: 1" with changes in a session.`)
  }
}
