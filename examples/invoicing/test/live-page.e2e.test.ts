import { join } from 'node:path'
import { createClient } from '@dimmer/node'
import { type AdminClient, createAdminClient } from '@dimmer/protocol'
import { readConfig, type Server, startServer } from '@dimmer/server'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { createTestDatabase } from '../../../apps/server/test/test-database.ts'
import { builtPage, openBrowser, openPage, type WatchedPage } from '../../../tooling/services/browser.mjs'
import { createInvoicingApi, createPopulation, FLAGS, lacksTaxNumbers, type Serving, serve } from '../src/index.ts'
import { PRODUCTION, PROJECT } from './story-world.ts'

const INSTANCES = 3
const ROOT = join(import.meta.dirname, '../web/dist')
const DASHBOARD = join(import.meta.dirname, '../../../apps/dashboard/dist')

const population = createPopulation()
const ends: (() => Promise<unknown>)[] = []
let server: Server
let admin: AdminClient
const apis: Serving[] = []
let customer: WatchedPage
let operator: WatchedPage

/** One running instance of the product, with its page, as one of several behind a load balancer. */
async function startInstance(number: number, keys: { server: string; browser: string }): Promise<Serving> {
  const client = createClient({ url: server.url, sdkKey: keys.server, instanceId: `api-${number}` })
  ends.push(() => client.close())
  await client.ready()
  const page = { root: builtPage(ROOT), dimmer: { url: server.url, key: keys.browser } }
  const serving = await serve(createInvoicingApi({ client, population, page }))
  ends.push(() => serving.close())
  return serving
}

beforeAll(async () => {
  builtPage(DASHBOARD)
  const database = await createTestDatabase()
  ends.push(() => database.drop())
  server = await startServer({ ...readConfig({ LOG_LEVEL: 'error' }), databaseUrl: database.url, port: 0 })
  ends.push(() => server.stop())
  admin = createAdminClient({ url: server.url })
  const makeKey = async (kind: 'server' | 'browser') =>
    (await admin.createSdkKey(PROJECT, PRODUCTION, { kind, name: kind })).key
  const keys = { server: await makeKey('server'), browser: await makeKey('browser') }
  for (let number = 1; number <= INSTANCES; number++) apis.push(await startInstance(number, keys))
  const browser = await openBrowser()
  ends.push(() => browser.close())
  customer = await openPage(browser)
  operator = await openPage(browser)
})
afterAll(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

afterEach(() => {
  expect([customer.complaints.splice(0), operator.complaints.splice(0)]).toEqual([[], []])
})

const freeInBritain = population.accounts.find(
  account => account.plan === 'free' && account.country === 'GB' && !lacksTaxNumbers(account),
)
const userId = population.usersOf(freeInBritain?.id ?? '')[0]?.id ?? ''

it('a kill that is clicked in the dashboard reaches every instance and the page that a customer has open', async () => {
  const assistant = customer.page.getByRole('heading', { name: 'Assistant' })
  await customer.page.goto(`${apis[0]?.url}/?user=${userId}`)
  await assistant.waitFor()
  await customer.page.locator('.dot.ready').waitFor()
  await customer.mark()

  const { page } = operator
  await page.goto(`${server.url}/p/${PROJECT}/flags/${FLAGS.aiChatbot}`)
  await operator.mark()
  await page.getByRole('button', { name: 'Kill', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Everybody in production gets off (false), whatever the rules say.').waitFor()
  expect(await assistant.isVisible()).toBe(true)
  await dialog.getByRole('button', { name: 'Kill it' }).click()
  const proof = await dialog.getByText(/SDK instances took it/).textContent()
  expect(proof).toMatch(new RegExp(`^${INSTANCES} of ${INSTANCES} SDK instances took it in \\d+ ms\\.$`))
  await assistant.waitFor({ state: 'detached' })
  await dialog.getByRole('button', { name: 'Done' }).click()
  expect(await page.getByRole('button', { name: 'Kill', exact: true }).isDisabled()).toBe(true)

  await page.getByRole('navigation').getByRole('link', { name: 'Flags' }).first().click()
  const row = page.getByRole('listitem').filter({ hasText: FLAGS.aiChatbot })
  await row.getByText('off for everybody').waitFor()
  const onOff = row.getByRole('switch')
  expect(await onOff.isChecked()).toBe(false)

  await onOff.click({ force: true })
  await page.getByRole('button', { name: 'Switch on' }).click()
  await assistant.waitFor()
  await row.getByText(/plan is free/).waitFor()

  expect([await customer.neverReloaded(), await operator.neverReloaded()]).toEqual([true, true])
})

it('a share that is applied in the dashboard gives the customer the new engine, and takes it away again', async () => {
  const { page } = operator
  const engine = (value: string) =>
    customer.page.locator(`[data-flag="${FLAGS.newPdfEngine}"][data-value="${value}"]`).waitFor()
  await page.goto(`${server.url}/p/${PROJECT}/flags/${FLAGS.newPdfEngine}`)
  for (const [percent, value] of [
    ['100', 'on'],
    ['0', 'off'],
  ] as const) {
    await page.getByRole('textbox', { name: /^Percent of accounts/ }).fill(percent)
    await page.getByRole('button', { name: 'Apply' }).click()
    await engine(value)
  }
  expect(await customer.neverReloaded()).toBe(true)
})
