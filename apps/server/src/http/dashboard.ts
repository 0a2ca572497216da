import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { App } from './app-type.ts'

/** Serves the built dashboard; addresses of its pages (no dot in the last part) all give index.html. */
export async function serveDashboard(app: App, folder: string): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) {
    app.log.warn(`No dashboard at ${folder}: build it with "npm run build"`)
    return
  }
  await app.register(async scope => {
    scope.addHook('onRoute', route => {
      route.config = { ...route.config, access: 'public' }
    })
    await scope.register(fastifyStatic, {
      root: folder,
      wildcard: false,
      immutable: true,
      maxAge: '1y',
      setHeaders: (reply, path) => {
        if (path.endsWith('index.html')) reply.header('cache-control', 'no-cache')
      },
    })
    scope.get('/p/*', { schema: { hide: true } }, (_request, reply) => reply.sendFile('index.html'))
  })
}
