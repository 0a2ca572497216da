import type { FastifyReply, FastifyRequest } from 'fastify'

/** Reads and writes one cookie that scripts can't see and other sites' requests don't bring along. */
export interface SessionCookie {
  read(request: FastifyRequest): string | undefined
  write(reply: FastifyReply, value: string, maxAgeMs: number): void
  clear(reply: FastifyReply): void
}

/** `secure`: behind TLS. The prefix then keeps neighbouring hosts from planting one. */
export function sessionCookie(name: string, secure: boolean): SessionCookie {
  const fullName = secure ? `__Host-${name}` : name
  const options = { path: '/', httpOnly: true, sameSite: 'lax', secure } as const
  return {
    read: request => request.cookies[fullName],
    write: (reply, value, maxAgeMs) => {
      reply.setCookie(fullName, value, { ...options, maxAge: Math.floor(maxAgeMs / 1_000) })
    },
    clear: reply => {
      reply.clearCookie(fullName, options)
    },
  }
}
