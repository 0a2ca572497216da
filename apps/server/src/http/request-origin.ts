import type { FastifyRequest } from 'fastify'
import type { Origin } from '../kernel/actor.ts'

/** Where a request came from, for the journal. */
export function originOf({ ip, headers }: FastifyRequest): Origin {
  const userAgent = headers['user-agent']?.slice(0, 300)
  return userAgent === undefined ? { ip } : { ip, userAgent }
}
