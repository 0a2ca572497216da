/** The whole of the story in one process: a Dimmer server, instances of the invoicing API, and a clock to turn. */
import type { Ruleset } from '@dimmer/engine'
import { createClient, type DimmerClient } from '@dimmer/node'
import { type AdminClient, createAdminClient } from '@dimmer/protocol'
import { readConfig, type Server, startServer } from '@dimmer/server'
import {
  createInvoicingApi,
  createPopulation,
  type EngineRelease,
  type Population,
  runTraffic,
  type Serving,
  serve,
  type TrafficOptions,
  type TrafficSummary,
} from '../src/index.ts'

export const PROJECT = 'invoicing'
export const PRODUCTION = 'production'

/** One running instance of the API, with its own connection to Dimmer. */
export interface Instance {
  readonly client: DimmerClient
  readonly serving: Serving
}

export interface World {
  readonly server: Server
  readonly admin: AdminClient
  readonly population: Population
  readonly instances: readonly Instance[]
  readonly now: () => number
  /** What SDKs have now. */
  ruleset(): Promise<Ruleset>
  /** Lets the story's time pass. */
  pass(ms: number): void
  /** Deploys the API anew with this release of the engine: all instances are replaced. */
  deploy(release: EngineRelease): Promise<void>
  /** Requests from the accounts, then everything that the SDKs know is sent, then the controller looks. */
  traffic(requests: number, seed: string, accounts?: TrafficOptions['accounts']): Promise<TrafficSummary>
  stop(): Promise<void>
}

export interface WorldOptions {
  readonly databaseUrl: string
  readonly startAt: number
  readonly instances: number
}

export async function createWorld({ databaseUrl, startAt, instances: count }: WorldOptions): Promise<World> {
  let time = startAt
  const now = () => time
  const config = { ...readConfig({ LOG_LEVEL: 'error' }), databaseUrl, port: 0, lookEveryMs: 3_600_000 }
  const server = await startServer(config, { now })
  const admin = createAdminClient({ url: server.url })
  const { key: sdkKey } = await admin.createSdkKey(PROJECT, PRODUCTION, { kind: 'server', name: 'invoicing API' })
  const population = createPopulation()
  const instances: Instance[] = []

  const undeploy = async () => {
    for (const { serving, client } of instances.splice(0)) {
      await serving.close()
      await client.close()
    }
  }
  return {
    server,
    admin,
    population,
    instances,
    now,
    ruleset: async () => {
      const response = await fetch(`${server.url}/sdk/v1/ruleset`, { headers: { authorization: `Bearer ${sdkKey}` } })
      return response.json()
    },
    pass: ms => {
      time += ms
    },
    deploy: async release => {
      await undeploy()
      for (let index = 0; index < count; index++) {
        const client = createClient({ url: server.url, sdkKey, instanceId: `api-${release}-${index}`, now })
        await client.ready({ timeoutMs: 5_000 })
        // Time enough for every healthy document, also on a machine that does other work.
        const api = createInvoicingApi({ client, population, engineRelease: release, now, renderTimeoutMs: 600 })
        instances.push({ client, serving: await serve(api, { port: 0 }) })
      }
    },
    traffic: async (requests, seed, accounts = 'seats') => {
      const baseUrls = instances.map(({ serving }) => serving.url)
      const summary = await runTraffic({ baseUrls, population, requests, seed, accounts })
      await Promise.all(instances.map(({ client }) => client.flush()))
      await server.application.runner?.lookAtAll()
      return summary
    },
    stop: async () => {
      await undeploy()
      await server.stop()
    },
  }
}
