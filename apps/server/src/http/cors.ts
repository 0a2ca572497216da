import { SDK_HEADERS } from '@dimmer/protocol'
import type { FastifyReply } from 'fastify'
import type { App } from './app-type.ts'

const ALLOWED_HEADERS = ['authorization', 'content-type', 'if-none-match', ...Object.values(SDK_HEADERS)].join(', ')

/** Open to pages of any site: what they give is for the holder of a key. */
export const BROWSER_ADDRESSES: readonly string[] = [
  '/ofrep/v1/evaluate/flags',
  '/ofrep/v1/evaluate/flags/*',
  '/sdk/v1/client-stream',
  '/sdk/v1/events',
]

function allow(reply: FastifyReply): void {
  reply.header('access-control-allow-origin', '*')
  reply.header('access-control-expose-headers', 'etag, retry-after')
}

/** Lets pages of any site use these addresses: what they may see is decided by their key, not by where they come from. */
export function allowBrowsers(app: App, addresses: readonly string[]): void {
  for (const address of addresses) {
    app.options(address, { config: { permission: 'public' }, schema: { hide: true } }, (_request, reply) => {
      allow(reply)
      reply.header('access-control-allow-methods', 'GET, POST')
      reply.header('access-control-allow-headers', ALLOWED_HEADERS)
      reply.header('access-control-max-age', '86400')
      return reply.code(204).send()
    })
  }
  const open = new Set(addresses)
  app.addHook('onRequest', (request, reply, done) => {
    if (open.has(request.routeOptions.url ?? '')) allow(reply)
    done()
  })
}
