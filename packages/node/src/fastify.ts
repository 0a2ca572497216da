/** Flags on Fastify's requests. Needs `fastify`. */
import type { FastifyPluginCallback, FastifyRequest } from 'fastify'
import type { BoundClient, Context, DimmerClient } from './types.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Dimmer for this request's context; its decisions don't change while the request is served. */
    readonly dimmer: BoundClient
  }
}

/**
 * A Fastify plugin that puts a client for the request's context on `request.dimmer`. The context is asked for when
 * `request.dimmer` is first used, so whatever finds out who is asking may run after this plugin was registered. What
 * `contextOf` throws goes to the route, like any error of its own.
 *
 * @example
 * app.register(dimmerPlugin(client, request => ({ accountId: request.headers['x-account-id'] })))
 * app.get('/', request => (request.dimmer.isEnabled('redesigned-dashboard') ? 'new' : 'old'))
 */
export function dimmerPlugin(
  client: DimmerClient,
  contextOf: (request: FastifyRequest) => Context,
): FastifyPluginCallback {
  const clients = new WeakMap<FastifyRequest, BoundClient>()
  const plugin: FastifyPluginCallback = (app, _options, done) => {
    app.decorateRequest('dimmer', {
      getter() {
        const bound = clients.get(this) ?? client.forRequest(contextOf(this))
        clients.set(this, bound)
        return bound
      },
    })
    done()
  }
  // For the whole application, not only for what is registered inside the plugin.
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true })
}
