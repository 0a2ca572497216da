/** The one place that picks adapters. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startEmbeddedPostgres } from './adapters/embedded-postgres/embedded-postgres.ts'
import { createOutgoing } from './adapters/guarded-outgoing.ts'
import { keptSecret } from './adapters/kept-secret.ts'
import { createMemoryBus } from './adapters/memory-bus.ts'
import { createPostgresBus } from './adapters/postgres-bus.ts'
import { openDatabase } from './adapters/postgres-database.ts'
import { openPrometheus } from './adapters/prometheus.ts'
import { createRedisBus } from './adapters/redis-bus.ts'
import { systemClock } from './adapters/system-clock.ts'
import { createApplication, type Running } from './app.ts'
import { type Config, ConfigError } from './config.ts'
import { createEdge } from './edge-app.ts'
import type { Db } from './kernel/database.ts'
import { createSealer, type Sealer } from './kernel/seal.ts'
import { migrate } from './migrations/migrate.ts'
import type { Bus } from './ports/bus.ts'
import type { Clock } from './ports/clock.ts'

export interface Server {
  readonly application: Running
  /** Where it listens, e.g. "http://127.0.0.1:4400". */
  readonly url: string
  /** What the database is, for people: "embedded, in /srv/dimmer/.dimmer". */
  readonly database: string
  /** Where the first admin makes an account; undefined once anybody has one. */
  readonly setupLink: string | undefined
  stop(): Promise<void>
}

/** Connections that wait to be taken: after a restart thousands of SDKs come back at once. The system may allow fewer. */
const BACKLOG = 4_096

const DASHBOARD = fileURLToPath(new URL('../../dashboard/dist', import.meta.url))

/** Starts everything that the configuration asks for, and listens. If a part fails, those already started are stopped. */
export async function startServer(config: Config, clock: Clock = systemClock): Promise<Server> {
  const stops: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end()
  }
  const listen = async (application: Running, database: string): Promise<Server> => {
    // First in the list of what is to be stopped, so that a start that fails half way is undone too.
    stops.push(() => application.stop())
    await application.start()
    const url = await application.http.listen({ port: config.port, host: config.host, backlog: BACKLOG })
    const setupToken = await application.setupToken?.()
    const pages = (config.access.publicUrl?.href ?? url).replace(/\/$/, '')
    const setupLink = setupToken === undefined ? undefined : `${pages}/welcome#${setupToken}`
    return { application, url, database, setupLink, stop }
  }
  try {
    const { role, edge } = config
    if (role === 'edge') {
      if (edge === undefined) throw new Error('An edge needs to know its server')
      return await listen(await createEdge(clock, { ...config, edge }), `none, an edge of ${edge.upstream}`)
    }
    const database = await openConfigured(config, stops)
    await migrate(database.db)
    const bus = openBus(config)
    stops.push(() => bus.close())
    const outgoing = createOutgoing({ allowed: config.privateAllowed })
    const application = await createApplication(
      {
        db: database.db,
        bus,
        clock,
        outgoing,
        openSource: place => openPrometheus(outgoing, place),
        sealer: await openSealer(config),
      },
      { ...config, role, dashboardFolder: DASHBOARD },
    )
    return await listen(application, database.name)
  } catch (error) {
    await stop()
    throw error
  }
}

/** With the embedded database there is a folder of our own to keep a key in; else all nodes must be given the same. */
async function openSealer({ secretKey, databaseUrl, dataDir }: Config): Promise<Sealer | undefined> {
  if (secretKey !== undefined) return createSealer(secretKey)
  return databaseUrl === undefined ? createSealer(await keptSecret(join(dataDir, 'secret.key'))) : undefined
}

/** Redis if there is one; else the shared database, where other nodes may be; else this process is all there is. */
function openBus({ redisUrl, databaseUrl }: Config): Bus {
  if (redisUrl !== undefined) return createRedisBus({ url: redisUrl })
  if (databaseUrl !== undefined) return createPostgresBus({ connection: { connectionString: databaseUrl } })
  return createMemoryBus()
}

/** Gives the database as it is to `read`, and closes it. With the embedded one, nobody else may be using its folder. */
export async function readDatabase<T>(config: Config, read: (db: Db) => Promise<T>): Promise<T> {
  if (config.databaseUrl === undefined && !existsSync(join(config.dataDir, 'postgres'))) {
    throw new ConfigError(`there is no database in ${config.dataDir}. Set DIMMER_DATA or DATABASE_URL.`)
  }
  const stops: (() => Promise<unknown>)[] = []
  try {
    return await read((await openConfigured(config, stops)).db)
  } finally {
    for (const stop of stops.reverse()) await stop()
  }
}

async function openConfigured(config: Config, stops: (() => Promise<unknown>)[]) {
  if (config.databaseUrl !== undefined) {
    const opened = openDatabase({ connectionString: config.databaseUrl })
    stops.push(opened.close)
    return { db: opened.db, name: 'yours (DATABASE_URL)' }
  }
  const embedded = await startEmbeddedPostgres({ dataDir: config.dataDir, log: message => console.error(message) })
  stops.push(() => embedded.stop())
  const opened = openDatabase(embedded.connection)
  stops.push(opened.close)
  return { db: opened.db, name: `embedded, in ${config.dataDir}` }
}
