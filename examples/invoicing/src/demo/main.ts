/** `node demo/main.js URL`: runs the demo against a Dimmer server that has the sample project. */
import { createAdminClient } from '@dimmer/protocol'
import { runDemo } from './run-demo.ts'

const [url = 'http://127.0.0.1:4400', port = '4500'] = process.argv.slice(2)
const stopped = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stopped.abort())

await runDemo({
  url,
  port: Number(port),
  admin: createAdminClient({ url }),
  say: line => console.log(line),
  signal: stopped.signal,
})
