import type { FastifyRequest } from 'fastify'
import { AppError } from '../kernel/errors.ts'
import { isLoopback } from '../kernel/loopback.ts'

/** What proxies say of those for whom they ask. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via']

const hostName = (host: string): string => host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')

/**
 * Refuses what may come from elsewhere than this machine. The names that the browser used are checked too: a foreign
 * page must neither call (Origin) nor get here under a name of its own (Host, "DNS rebinding"), and a proxy on this
 * machine must not let everybody in.
 */
export function assertLocal(request: FastifyRequest): void {
  if (FORWARDED.some(header => request.headers[header] !== undefined)) {
    throw new AppError(
      'forbidden',
      'Behind a proxy the admin API needs DIMMER_ADMIN_TOKEN: others may stand before it.',
    )
  }
  if (!isLoopback(hostName(request.headers.host ?? ''))) {
    throw new AppError('forbidden', 'Without DIMMER_ADMIN_TOKEN the admin API answers only to localhost.')
  }
  const { origin } = request.headers
  if (origin !== undefined && !(URL.canParse(origin) && isLoopback(hostName(new URL(origin).host)))) {
    throw new AppError('forbidden', 'Pages of other sites may not call the admin API.')
  }
}
