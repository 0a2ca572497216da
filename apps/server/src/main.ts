import { startServer } from './composition.ts'
import { ConfigError, readConfig } from './config.ts'

/** Starts the server, says where it is, and stops it cleanly on SIGINT and SIGTERM. */
async function main(): Promise<void> {
  const started = performance.now()
  const server = await startServer(readConfig())
  const seconds = ((performance.now() - started) / 1_000).toFixed(1)
  console.log(`\n  Dimmer is ready: ${server.url}\n  Database: ${server.database} (started in ${seconds} s)\n`)

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

function fail(error: unknown): never {
  const expected = error instanceof ConfigError || (error instanceof Error && error.name === 'EmbeddedPostgresError')
  if (expected) console.error(`Dimmer can't start: ${error.message}`)
  else console.error('Dimmer stopped:', error)
  process.exit(1)
}

main().catch(fail)
