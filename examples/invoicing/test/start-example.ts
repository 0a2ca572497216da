import { createClient, type DimmerClient } from '@dimmer/node'
import { createInvoicingApi, type InvoicingApiOptions } from '../src/api/api.ts'
import { type Serving, serve } from '../src/api/serve.ts'
import type { Population } from '../src/population/population.ts'
import { fiveFlags, type Situation } from './five-flags.ts'
import { type RulesetServer, startRulesetServer } from './ruleset-server.ts'

export interface StartedExample {
  readonly api: Serving
  readonly client: DimmerClient
  readonly dimmer: RulesetServer
  /** Changes the flags and waits until the example has them. */
  become(situation: Situation): Promise<void>
  /** GET, or POST if there is a body, as this user. */
  ask(path: string, userId?: string, body?: unknown): Promise<Response>
  close(): Promise<void>
}

/** Starts the example with a real client, fed by a ruleset server in this process. */
export async function startExample(
  population: Population,
  options: { situation: Situation } & Partial<InvoicingApiOptions>,
): Promise<StartedExample> {
  const dimmer = await startRulesetServer(fiveFlags(options.situation))
  const client = createClient({ url: dimmer.url, sdkKey: 'test-key' })
  await client.ready()
  const api = await serve(createInvoicingApi({ client, population, ...options }))
  return {
    api,
    client,
    dimmer,
    async become(situation) {
      const changed = new Promise<void>(resolve => {
        const stop = client.on('change', ({ version }) => {
          if (version < situation.version) return
          stop()
          resolve()
        })
      })
      dimmer.publish(fiveFlags(situation))
      await changed
    },
    ask(path, userId, body) {
      const headers = {
        ...(userId && { 'x-user-id': userId }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      }
      const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) }
      return fetch(`${api.url}${path}`, init)
    },
    async close() {
      await api.close()
      await client.close()
      await dimmer.close()
    },
  }
}
