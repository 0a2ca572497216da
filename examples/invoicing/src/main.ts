/** Starts one instance of the example: API and web page. The only file that reads the environment. */
import { fileURLToPath } from 'node:url'
import { createClient } from '@dimmer/node'
import { createInvoicingApi } from './api/api.ts'
import { serve } from './api/serve.ts'
import { createPopulation } from './population/population.ts'

function required(name: string): string {
  const value = process.env[name]
  if (value) return value
  console.error(`${name} is not set. See the README of this example.`)
  process.exit(1)
}

const url = process.env.DIMMER_URL ?? 'http://127.0.0.1:4400'
const client = createClient({ url, sdkKey: required('DIMMER_SDK_KEY') })
const app = createInvoicingApi({
  client,
  population: createPopulation(),
  engineRelease: process.env.PDF_ENGINE_RELEASE === '2.0.0' ? '2.0.0' : '2.0.1',
  page: {
    root: fileURLToPath(new URL('../web/dist', import.meta.url)),
    dimmer: { url, key: required('DIMMER_BROWSER_KEY') },
  },
})

const { state, error } = await client.ready()
console.log(`Dimmer at ${url}: ${state}${error === undefined ? '' : ` (${error})`}`)
const serving = await serve(app, { port: Number(process.env.PORT ?? 4500) })
console.log(`Invoicing runs at ${serving.url}`)

async function stop(): Promise<void> {
  await serving.close()
  await client.close()
}
process.once('SIGINT', () => void stop())
process.once('SIGTERM', () => void stop())
