import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openBrowser } from '../../../tooling/services/browser.mjs'
import { at, SAMPLE, startTestServer, type TestServer } from './test-server.ts'

const here = createRequire(import.meta.url)
/** Where a package is that is needed from there. */
function folderOf(name: string, from = here): string {
  const entry = from.resolve(name)
  return entry.slice(0, entry.lastIndexOf(name) + name.length)
}
const provider = folderOf('@openfeature/ofrep-web-provider')
/** OpenFeature's packages as npm has them: a page needs no bundler for them. */
const MODULES: Readonly<Record<string, string>> = {
  '@openfeature/core': join(folderOf('@openfeature/core'), 'dist/esm/index.js'),
  '@openfeature/web-sdk': join(folderOf('@openfeature/web-sdk'), 'dist/esm/index.js'),
  '@openfeature/ofrep-core': join(
    folderOf('@openfeature/ofrep-core', createRequire(join(provider, 'package.json'))),
    'index.esm.js',
  ),
  '@openfeature/ofrep-web-provider': join(provider, 'index.esm.js'),
}

const importMap = { imports: Object.fromEntries(Object.keys(MODULES).map(name => [name, `/${name}`])) }

const pageFor = (baseUrl: string, key: string) => `<!doctype html><link rel="icon" href="data:,"><body>
<script type="importmap">${JSON.stringify(importMap)}</script>
<script type="module">
  import { OFREPWebProvider } from '@openfeature/ofrep-web-provider'
  import { OpenFeature, ProviderEvents } from '@openfeature/web-sdk'
  const client = OpenFeature.getClient()
  const show = () => {
    document.body.dataset.closed = client.getBooleanValue('maintenance-mode', false)
    document.body.dataset.status = client.providerStatus
  }
  for (const event of Object.values(ProviderEvents)) client.addHandler(event, show)
  await OpenFeature.setContext({ targetingKey: 'acc-00009', accountId: 'acc-00009' })
  const headers = [['authorization', ${JSON.stringify(`Bearer ${key}`)}]]
  await OpenFeature.setProviderAndWait(new OFREPWebProvider({ baseUrl: ${JSON.stringify(baseUrl)}, headers }))
  show()
</script>`

let dimmer: TestServer
let site: Server
let browser: Browser
let page: Page
let key: string
/** What the page asked for, by what kind of request it was. */
const requests: { readonly kind: string; readonly url: string }[] = []
const complaints: string[] = []

beforeAll(async () => {
  dimmer = await startTestServer({ heartbeatMs: 200 })
  key = await dimmer.newKey(SAMPLE.environment, 'browser')
  site = createServer((request, response) => {
    const path = MODULES[decodeURIComponent(request.url ?? '').slice(1)]
    response.setHeader('content-type', path === undefined ? 'text/html' : 'text/javascript')
    if (path === undefined) response.end(pageFor(dimmer.url, key))
    else void readFile(path).then(text => response.end(text))
  })
  await new Promise<void>(resolve => site.listen(0, '127.0.0.1', resolve))
  browser = await openBrowser()
  page = await browser.newPage()
  page.on('pageerror', error => complaints.push(error.message))
  page.on('request', request => requests.push({ kind: request.resourceType(), url: request.url() }))
})
afterAll(async () => {
  await browser?.close()
  site?.close()
  await dimmer?.stop()
})

/** The page has nothing to see. */
const ATTACHED = { state: 'attached', timeout: 10_000 } as const
const closed = (value: boolean) => page.locator(`body[data-closed="${value}"][data-status="READY"]`)
const streams = () => requests.filter(({ kind }) => kind === 'eventsource')

it("OpenFeature's provider for pages hears of each change over one stream, and its key stands in no address", async () => {
  await dimmer.admin.switchFlag(at('maintenance-mode'), false)
  await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`)
  await closed(false).waitFor(ATTACHED)
  await expect.poll(() => streams().length).toBe(1)
  for (const on of [true, false, true]) {
    await dimmer.admin.switchFlag(at('maintenance-mode'), on)
    await closed(on).waitFor(ATTACHED)
  }
  expect(streams()).toHaveLength(1)
  expect(requests.filter(({ url }) => url.includes(key))).toEqual([])
  expect(complaints).toEqual([])
})
