import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient, type DimmerClient } from '@dimmer/node'
import type { Browser, Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { at, startTestServer, type TestServer } from '../../../apps/server/test/test-server.ts'
import { openBrowser } from '../../../tooling/services/browser.mjs'
import {
  type Account,
  BULK_INVOICE_ACCOUNTS,
  createInvoicingApi,
  createPopulation,
  FLAGS,
  lacksTaxNumbers,
  type Serving,
  serve,
} from '../src/index.ts'
import { readPdf } from './read-pdf.ts'

const population = createPopulation()
let root: string
let dimmer: TestServer
let client: DimmerClient
let api: Serving
let browser: Browser
let page: Page
const complaints: string[] = []

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'invoicing-page-'))
  const configFile = join(import.meta.dirname, '../web/vite.config.ts')
  await build({ configFile, logLevel: 'error', build: { outDir: root, emptyOutDir: true } })
  dimmer = await startTestServer()
  const key = await dimmer.newKey('production', 'browser')
  client = createClient({ url: dimmer.url, sdkKey: await dimmer.newKey() })
  await client.ready()
  const served = { root, dimmer: { url: dimmer.url, key } }
  api = await serve(createInvoicingApi({ client, population, page: served }))
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await api?.close()
  await client?.close()
  await dimmer?.stop()
  await rm(root, { recursive: true, force: true })
})
afterEach(async () => {
  await page.context().close()
  expect(complaints.splice(0)).toEqual([])
})

const userOf = (matches: (account: Account) => boolean): string => {
  const account = population.accounts.find(matches)
  return population.usersOf(account?.id ?? '')[0]?.id ?? ''
}
const freeInBritain = userOf(
  account => account.plan === 'free' && account.country === 'GB' && !lacksTaxNumbers(account),
)

async function open(userId: string, prepare: (page: Page) => Promise<void> = async () => {}): Promise<void> {
  const context = await browser.newContext()
  page = await context.newPage()
  page.on('pageerror', error => complaints.push(error.message))
  await prepare(page)
  await page.goto(`${api.url}/?user=${userId}`)
  await page.locator('.flags').waitFor()
  // Gone after a reload.
  await page.evaluate(() => Object.assign(globalThis, { neverReloaded: true }))
}
const neverReloaded = () => page.evaluate(() => 'neverReloaded' in globalThis)
const live = () => page.locator('.dot.ready').waitFor()
const flag = (key: string, value: string) => page.locator(`[data-flag="${key}"][data-value="${value}"]`)

it('closes for maintenance and opens again without a reload', async () => {
  await open(freeInBritain)
  await page.getByRole('heading', { name: 'Invoices' }).waitFor()
  await live()
  await dimmer.admin.switchFlag(at(FLAGS.maintenanceMode), true)
  await page.getByRole('alert').waitFor()
  expect(await page.getByRole('heading', { name: 'Invoices' }).count()).toBe(0)
  await dimmer.admin.switchFlag(at(FLAGS.maintenanceMode), false)
  await page.getByRole('heading', { name: 'Invoices' }).waitFor()
  expect(await neverReloaded()).toBe(true)
})

it('has the assistant until it is killed', async () => {
  await open(freeInBritain)
  const assistant = page.getByRole('heading', { name: 'Assistant' })
  await assistant.waitFor()
  await page.getByRole('button', { name: 'Ask' }).click()
  await page.getByText(/invoices come to GBP/).waitFor()
  await live()
  await dimmer.admin.kill(at(FLAGS.aiChatbot))
  await assistant.waitFor({ state: 'detached' })
  expect(await neverReloaded()).toBe(true)
  await dimmer.admin.switchFlag(at(FLAGS.aiChatbot), true)
  await assistant.waitFor()
})

it('downloads PDFs from the engine that the account has at the moment', async () => {
  await open(freeInBritain)
  await live()
  const share = (percent: number) =>
    dimmer.admin.setShare(at(FLAGS.newPdfEngine), 'rollout', { unit: 'account', percent })
  for (const [percent, engine, value] of [
    [100, 'new', 'on'],
    [0, 'classic', 'off'],
  ] as const) {
    const { version } = await share(percent)
    await flag(FLAGS.newPdfEngine, value).waitFor()
    await expect.poll(() => client.status().version, { timeout: 5_000 }).toBe(version)
    const downloading = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download PDF' }).first().click()
    const download = await downloading
    expect((await readPdf(await readFile(await download.path()))).pages).toBeGreaterThanOrEqual(1)
    await page.getByText(`from the ${engine} engine`).waitFor()
  }
  await share(5)
})

it('shows the right values at once while Dimmer cannot be reached', async () => {
  const { id } = BULK_INVOICE_ACCOUNTS.kestrelgrid
  const userId = userOf(account => account.id === id)
  await open(userId, async opened => {
    await opened.route(`${dimmer.url}/**`, route => route.abort())
  })
  await flag(FLAGS.bulkInvoiceApi, 'on').waitFor()
  await page.getByRole('button', { name: 'Price 3 drafts' }).click()
  await page.getByText('3 invoices priced in one call').waitFor()
})

it('shows another user as that user', async () => {
  await open(freeInBritain)
  await page.getByLabel('Look at it as').selectOption({ index: 0 })
  await page.getByRole('heading', { name: BULK_INVOICE_ACCOUNTS.harbourline.name }).waitFor()
  await flag(FLAGS.bulkInvoiceApi, 'on').waitFor()
  await flag(FLAGS.aiChatbot, 'off').waitFor()
  const layout = await page.locator('[data-layout]').getAttribute('data-layout')
  await flag(FLAGS.redesignedDashboard, layout ?? '').waitFor()
})
