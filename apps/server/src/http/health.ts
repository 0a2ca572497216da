import type { App } from './app-type.ts'

/** Whether a node can do its work, and what it lacks. */
export interface Readiness {
  readonly ready: boolean
  /** `starting`, `ready`, `stopping`, or what it can't do without. */
  readonly status: string
  readonly [detail: string]: unknown
}

/** `/healthz`: the process runs. `/readyz`: it can do its work; the body says what is away. */
export function healthRoutes(app: App, readiness: () => Promise<Readiness>): void {
  const config = { permission: 'public' } as const
  app.get('/healthz', { config, schema: { hide: true } }, () => ({ status: 'ok' }))
  app.get('/readyz', { config, schema: { hide: true } }, async (_request, reply) => {
    const { ready, ...body } = await readiness()
    return reply.code(ready ? 200 : 503).send(body)
  })
}
