import { existsSync } from 'node:fs'
import { join, sep } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyRequest } from 'fastify'
import type { App } from './app-type.ts'

/** Files whose names change with their content; all others are asked for anew each time. */
const HASHED = `${sep}assets${sep}`

/** True for what a person typed or followed; programs, and pages that load their parts, want the plain error. */
const wantsPage = ({ url, headers }: FastifyRequest): boolean =>
  headers.accept?.includes('text/html') === true && !/^\/(api|sdk|ofrep)(\/|$)/.test(url)

/** Serves the built dashboard: index.html at all addresses of pages, and, as 404, where there is nothing. */
export async function serveDashboard(app: App, folder: string): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) {
    app.log.warn(`No dashboard at ${folder}: build it with "npm run build"`)
    return
  }
  await app.register(async scope => {
    scope.addHook('onRoute', route => {
      route.config = { ...route.config, permission: 'public' }
    })
    await scope.register(fastifyStatic, {
      root: folder,
      wildcard: false,
      cacheControl: false,
      setHeaders: (reply, path) => {
        reply.header('cache-control', path.includes(HASHED) ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
    scope.get('/p/*', { schema: { hide: true } }, (_request, reply) => reply.sendFile('index.html'))
    scope.get('/*', { schema: { hide: true } }, (request, reply) =>
      wantsPage(request) ? reply.code(404).sendFile('index.html') : reply.callNotFound(),
    )
  })
}
