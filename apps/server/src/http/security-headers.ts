import type { FastifyReply } from 'fastify'
import type { App } from './app-type.ts'

const HSTS = 'max-age=31536000; includeSubDomains'

/** What answers without a page may do in a browser: nothing. */
const NOTHING = "default-src 'none'; frame-ancestors 'none'"

/** What the dashboard may do: its own files, and style elements that bear the nonce of this very answer. */
const pagePolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

/** Tells browsers to be strict with every answer. `tls`: people come through TLS and must go on doing so. */
export function sendSecurityHeaders(app: App, { tls }: { readonly tls: boolean }): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers({
      'content-security-policy': NOTHING,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      ...(tls && { 'strict-transport-security': HSTS }),
      ...(request.url.startsWith('/api/') && { 'cache-control': 'no-store' }),
    })
    done()
  })
}

/** Lets the dashboard's page run, with this nonce. */
export function allowPage(reply: FastifyReply, nonce: string): void {
  reply.header('content-security-policy', pagePolicy(nonce))
}
