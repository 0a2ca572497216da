import type { FastifyRequest } from 'fastify'

/** The text of "Authorization: Bearer ...", if it was sent. */
export function bearerOf({ headers }: FastifyRequest): string | undefined {
  const header = headers.authorization
  return header?.startsWith('Bearer ') ? header.slice(7).trim() : undefined
}
