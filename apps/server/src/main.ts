import { startServer } from './composition.ts'
import { ConfigError, readConfig } from './config.ts'

/** Starts the server, says where it is, and stops it cleanly on SIGINT and SIGTERM. */
async function main(): Promise<void> {
  const started = performance.now()
  const server = await startServer(readConfig())
  const seconds = ((performance.now() - started) / 1_000).toFixed(1)
  console.log(`\n  Dimmer is ready: ${server.url}\n  Database: ${server.database} (started in ${seconds} s)\n`)
  if (server.setupLink !== undefined) {
    console.log(`  Make the first account (the link works once, for a day):\n  ${server.setupLink}\n`)
  }

  let stopping = false
  const stop = () => {
    if (stopping) process.exit(1)
    stopping = true
    server.stop().then(
      () => process.exit(0),
      error => fail(error),
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

/** What the person who starts it can mend: one line. Anything else: with its stack. */
function explain(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if (error instanceof ConfigError || error.name === 'EmbeddedPostgresError') return error.message
  const code = 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE')
    return `another program listens there already (${error.message}). Set PORT to another port.`
  if (code === 'ECONNREFUSED') return `the database does not answer (${error.message}). Check DATABASE_URL.`
  return undefined
}

function fail(error: unknown): never {
  const reason = explain(error)
  if (reason === undefined) console.error('Dimmer stopped:', error)
  else console.error(`Dimmer can't start: ${reason}`)
  process.exit(1)
}

main().catch(fail)
