import { createClient } from '@dimmer/node'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { at } from '../../server/test/test-server.ts'
import { stageDashboard } from './open-dashboard.ts'

const stage = stageDashboard()
const project = 'invoicing'

/** An input that offers choices; the list of these has the same name. */
const input = (page: Page, name: string, nth = 0) => page.getByLabel(name).and(page.locator('input')).nth(nth)

async function typeTest(page: Page, nth: number, test: { attribute: string; op: string }) {
  await input(page, 'Attribute', nth).fill(test.attribute)
  await input(page, 'Attribute', nth).press('Escape')
  await page.getByRole('combobox', { name: 'Operator' }).nth(nth).selectOption(test.op)
}

it('a segment, a rule with three operators and a share of a custom unit: forecast, saved, and an SDK has it', async () => {
  const { admin } = stage.server
  await admin.putUnit(project, 'workspace', { attribute: 'workspace.id' })
  const accounts = Array.from({ length: 40 }, (_, index) => ({
    id: `acc-${index}`,
    attributes: { country: index % 2 === 0 ? 'DE' : 'US', seats: index, workspace: { id: `ws-${index}` } },
  }))
  await admin.uploadDirectory(project, { accounts })
  const { page, complaints } = await stage.open('segments')

  await page.getByRole('button', { name: 'Create segment' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Pilots')
  await dialog.getByRole('button', { name: 'Create segment' }).click()
  await page.getByRole('heading', { name: 'Pilots', level: 1 }).waitFor()
  await page.getByLabel('Paste ids, list').fill(accounts.map(({ id }) => id).join('\n'))
  await page.getByRole('button', { name: 'Take' }).first().click()
  await page.getByText('40 of 40 accounts').waitFor()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect.poll(async () => (await admin.getSegment(project, 'pilots')).list?.count).toBe(40)

  await page.goto(`${stage.server.url}/p/${project}/flags/bulk-invoice-api`)
  await page.getByRole('button', { name: 'Edit rules' }).click()
  await page.getByRole('button', { name: 'Add a rule' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Workspaces of pilots')
  await typeTest(page, 0, { attribute: 'country', op: 'in' })
  await input(page, 'Value of country').fill('DE')
  await input(page, 'Value of country').press('Enter')
  await page.getByRole('button', { name: 'Test', exact: true }).click()
  await typeTest(page, 1, { attribute: 'seats', op: 'gte' })
  await page.getByText('1 thing to mend before this can be saved').waitFor()
  expect(await page.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(true)
  await page.getByLabel('Value of seats').fill('10')
  await page.getByRole('button', { name: 'Segment', exact: true }).click()
  await page.getByRole('combobox', { name: 'Segment' }).selectOption('pilots')
  await page.getByRole('switch', { name: 'Only a share of them' }).press('Space')
  await page.getByLabel('Percent', { exact: true }).fill('50')
  await page.getByRole('combobox', { name: 'Of what' }).selectOption('workspace')

  const forecast = page.getByRole('region', { name: 'Forecast' })
  await forecast.getByText(/accounts? gains? it/).waitFor()
  await page
    .getByRole('list', { name: 'Differences' })
    .getByText(/^\+?Workspaces of pilots: 50.% of workspaces where/)
    .waitFor()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText(/^Saved, with version \d+\.$/).waitFor()
  expect(complaints).toEqual([])

  const client = createClient({ url: stage.server.url, sdkKey: await stage.server.newKey(), log: () => undefined })
  await client.ready({ timeoutMs: 5_000 })
  const has = accounts.filter(({ id, attributes }) =>
    client.isEnabled('bulk-invoice-api', { accountId: id, ...attributes }),
  )
  const meant = accounts.filter(({ attributes }) => attributes.country === 'DE' && attributes.seats >= 10)
  expect(meant).toEqual(expect.arrayContaining(has))
  expect(has.length).toBeGreaterThan(0)
  expect(has.length).toBeLessThan(meant.length)
  await client.close()
})

describe('two people at one flag', () => {
  it('the second is shown what the first saved, loses nothing, and saves both', async () => {
    const { admin } = stage.server
    const { page } = await stage.open('flags/ai-chatbot')
    await page.getByRole('button', { name: 'Edit rules' }).click()
    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    await page.getByLabel('Name', { exact: true }).fill('Renamed here')
    const { environments } = await admin.getFlag(project, 'ai-chatbot')
    const config = environments.find(({ environment }) => environment === 'production')
    if (config === undefined) throw new Error('the flag is in production')
    const { environment: _, version: __, updatedAt: ___, ...settable } = config
    await admin.putFlagConfig(at('ai-chatbot'), { ...settable, fallthrough: { variant: 'on' } })
    await page.getByText('Somebody else changed this meanwhile').waitFor()
    await page.getByRole('button', { name: 'Bring in their changes' }).click()
    await page.getByRole('region', { name: 'Forecast' }).waitFor()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText(/^Saved, with version \d+\.$/).waitFor()
    const saved = (await admin.getFlag(project, 'ai-chatbot')).environments.find(
      one => one.environment === 'production',
    )
    expect([saved?.rules[0]?.name, saved?.fallthrough]).toEqual(['Renamed here', { variant: 'on' }])
  })
})
