import 'vitest'

declare module 'vitest' {
  /** What `tooling/test-services.mjs` gives to tests; read it with `inject('databaseUrl')`. */
  export interface ProvidedContext {
    /** A superuser's URL of a private PostgreSQL, or null when this machine has none. */
    databaseUrl: string | null
    /** URL of a private Redis, or null when this machine has none. */
    redisUrl: string | null
    /** A private Prometheus and the file in which it looks for targets, or null when this machine has none. */
    prometheus: { url: string; targetsFile: string } | null
    /** Which PostgreSQL: the one from npm, or the machine's own. */
    database: 'embedded' | 'system'
  }
}
