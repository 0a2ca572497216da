import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from './app-type.ts'
import { allowPage } from './security-headers.ts'

/** Stands in index.html where each answer has its own nonce. */
const NONCE = '__CSP_NONCE__'

/** Addresses of pages beside those of a project. */
const PAGES = ['/', '/p/*', '/welcome']

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
  const index = await readFile(join(folder, 'index.html'), 'utf8')
  const sendPage = (reply: FastifyReply) => {
    const nonce = randomBytes(18).toString('base64url')
    allowPage(reply, nonce)
    return reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(index.replace(NONCE, nonce))
  }
  await app.register(async scope => {
    scope.addHook('onRoute', route => {
      route.config = { ...route.config, permission: 'public' }
    })
    await scope.register(fastifyStatic, {
      root: folder,
      wildcard: false,
      index: false,
      globIgnore: ['index.html'],
      cacheControl: false,
      setHeaders: (reply, path) => {
        reply.header('cache-control', path.includes(HASHED) ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
    for (const page of PAGES) scope.get(page, { schema: { hide: true } }, (_request, reply) => sendPage(reply))
    scope.get('/*', { schema: { hide: true } }, (request, reply) =>
      wantsPage(request) ? sendPage(reply.code(404)) : reply.callNotFound(),
    )
  })
}
