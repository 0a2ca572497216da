/**
 * `node demo/main.js URL [PORT] [--stay]`: runs the demo against a Dimmer server that has the sample project. With
 * `--stay` the example goes on running after the story.
 */
import { createAdminClient } from '@dimmer/protocol'
import { runDemo } from './run-demo.ts'

const stay = process.argv.includes('--stay')
const [url = 'http://127.0.0.1:4400', port = '4500'] = process.argv.slice(2).filter(word => word !== '--stay')
const stopped = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stopped.abort())

await runDemo({
  url,
  port: Number(port),
  admin: createAdminClient({ url }),
  say: line => console.log(line),
  stay,
  signal: stopped.signal,
})
