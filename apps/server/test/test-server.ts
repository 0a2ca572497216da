import { randomUUID } from 'node:crypto'
import { type AdminClient, createAdminClient, type SdkKeyKind } from '@dimmer/protocol'
import { createOutgoing } from '../src/adapters/guarded-outgoing.ts'
import { createMemoryBus } from '../src/adapters/memory-bus.ts'
import { openDatabase } from '../src/adapters/postgres-database.ts'
import { openPrometheus } from '../src/adapters/prometheus.ts'
import { type Application, createApplication } from '../src/app.ts'
import type { Db } from '../src/kernel/database.ts'
import { createSealer, type Sealer } from '../src/kernel/seal.ts'
import { migrate } from '../src/migrations/migrate.ts'
import type { Bus } from '../src/ports/bus.ts'
import type { Clock } from '../src/ports/clock.ts'
import type { OpenNumberSource } from '../src/ports/number-source.ts'
import type { AppOptions } from '../src/services.ts'
import { createMigratedDatabase } from './test-database.ts'

export interface TestServerOptions extends Partial<Omit<AppOptions, 'access'>> {
  readonly adminToken?: string
  /** How people get in; absent: this machine is let in until somebody has an account. */
  readonly access?: Partial<AppOptions['access']>
  readonly clock?: Clock
  readonly bus?: Bus
  /** Absent: one with a key of the tests. */
  readonly sealer?: { readonly with: Sealer | undefined }
  /** Absent: a real Prometheus is asked. */
  readonly openSource?: OpenNumberSource
  /** A database that is there already, with its data; absent: a fresh one, dropped at the end. */
  readonly databaseUrl?: string
  /** Absent: any free one. */
  readonly port?: number
}

/** A whole server on a database of its own, listening on a free port. */
export interface TestServer {
  readonly url: string
  readonly admin: AdminClient
  readonly application: Application
  readonly db: Db
  readonly databaseUrl: string
  /** Makes an SDK key for the sample project and gives its text. */
  newKey(environment?: string, kind?: SdkKeyKind): Promise<string>
  stop(): Promise<void>
}

export const SAMPLE = { project: 'invoicing', environment: 'production' } as const

/** The place of a flag of the sample project in production. */
export const at = (flag: string) => ({ ...SAMPLE, flag })

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const made = options.databaseUrl === undefined ? await createMigratedDatabase() : undefined
  const databaseUrl = options.databaseUrl ?? made?.url ?? ''
  const opened = openDatabase({ connectionString: databaseUrl })
  await migrate(opened.db)
  const bus = options.bus ?? createMemoryBus()
  const access: AppOptions['access'] = {
    adminToken: options.adminToken,
    localSession: 'auto',
    publicUrl: undefined,
    passwords: true,
    sso: undefined,
    ...options.access,
  }
  const outgoing = createOutgoing({ allowed: 'all' })
  const application = await createApplication(
    {
      db: opened.db,
      bus,
      clock: options.clock ?? { now: () => Date.now() },
      outgoing,
      openSource: options.openSource ?? (place => openPrometheus(outgoing, place)),
      sealer:
        options.sealer === undefined ? createSealer('a secret of the tests, of no use elsewhere') : options.sealer.with,
    },
    { lookEveryMs: 3_600_000, logLevel: 'silent', dashboardFolder: undefined, trustedProxies: [], ...options, access },
  )
  await application.start()
  const url = await application.http.listen({ port: options.port ?? 0, host: '127.0.0.1' })
  const admin = createAdminClient({ url, ...(options.adminToken === undefined ? {} : { token: options.adminToken }) })
  return {
    url,
    admin,
    application,
    databaseUrl,
    db: opened.db,
    newKey: async (environment = SAMPLE.environment, kind = 'server') =>
      (await admin.createSdkKey(SAMPLE.project, environment, { kind, name: randomUUID() })).key,
    stop: async () => {
      await application.stop()
      if (options.bus === undefined) await bus.close()
      await opened.close()
      await made?.drop()
    },
  }
}
