// Holds a data folder as a Dimmer process would, for tests that kill it. Arguments: data folder, "idle" or "write".
// Prints one line of JSON when the server is up, then the number of each committed row.
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { runnerImport } from 'vite'

const [dataDir, task] = process.argv.slice(2)
const source = fileURLToPath(new URL('../src/adapters/embedded-postgres/embedded-postgres.ts', import.meta.url))
const { module } = await runnerImport(source)
const { connection, pid, adopted } = await module.startEmbeddedPostgres({ dataDir })
console.log(JSON.stringify({ connection, pid, adopted }))

if (task === 'write') {
  const client = new pg.Client(connection)
  await client.connect()
  await client.query('create table if not exists written (id bigint primary key, filler text not null)')
  for (let id = 1; ; id++) {
    await client.query("insert into written values ($1, repeat('x', 1000))", [id])
    console.log(id)
  }
}
