import { fileURLToPath } from 'node:url'
import { createClient, type DimmerClient } from '@dimmer/node'
import type { Express } from 'express'
import { createInvoicingApi } from '../api/api.ts'
import { type Serving, serve } from '../api/serve.ts'
import type { EngineRelease } from '../pdf/new-layout.ts'
import type { Population } from '../population/population.ts'

export interface FleetOptions {
  /** Address of the Dimmer server. */
  readonly url: string
  readonly sdkKey: string
  readonly browserKey: string
  readonly population: Population
  readonly instances: number
  /** Port of the first instance, which also serves the web page. */
  readonly port: number
}

/** The running instances of one release of the invoicing API. */
export interface Fleet {
  readonly urls: readonly string[]
  /** Sends what the SDKs know about use so far. */
  flush(): Promise<void>
  stop(): Promise<void>
}

const isTaken = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'

/** On the port, or on any free one if another program has it. */
const serveNear = (app: Express, port: number): Promise<Serving> =>
  serve(app, { port }).catch((error: unknown) => {
    if (!isTaken(error)) throw error
    return serve(app)
  })

const WEB = fileURLToPath(new URL('../../web/dist', import.meta.url))

/** Deploys a release: several instances of the API, each with its own connection to Dimmer. */
export async function deploy(release: EngineRelease, options: FleetOptions): Promise<Fleet> {
  const { url, sdkKey, browserKey, population } = options
  const running: { readonly client: DimmerClient; readonly serving: Serving }[] = []
  for (let index = 0; index < options.instances; index++) {
    const client = createClient({
      url,
      sdkKey,
      instanceId: `invoicing-${release}-${index + 1}`,
      flushIntervalMs: 1_000,
    })
    await client.ready({ timeoutMs: 10_000 })
    const api = createInvoicingApi({
      client,
      population,
      engineRelease: release,
      renderTimeoutMs: 300,
      page: { root: WEB, dimmer: { url, key: browserKey } },
    })
    running.push({ client, serving: await serveNear(api, index === 0 ? options.port : 0) })
  }
  return {
    urls: running.map(({ serving }) => serving.url),
    flush: async () => {
      await Promise.all(running.map(({ client }) => client.flush()))
    },
    stop: async () => {
      for (const { serving, client } of running) {
        await serving.close()
        await client.close()
      }
    },
  }
}
