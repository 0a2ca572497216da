import { beforeAll, expect, it } from 'vitest'
import { RedesignUsers } from '../../server/test/redesign-users.ts'
import { SAMPLE } from '../../server/test/test-server.ts'
import { stageDashboard } from './open-dashboard.ts'

const DAY = 86_400_000
let now = Date.now() - 10 * DAY
const clock = { now: () => now }
const stage = stageDashboard({ clock })
/** The first reading of an experiment counts everything. */
const PATIENCE_MS = 30_000

/** How many they made and exported is the value of each event. */
const SUM = { kind: 'mean', field: 'value', cap: 5_000 } as const

beforeAll(async () => {
  const { admin, url } = stage.server
  const { project } = SAMPLE
  await admin.putMetric(project, 'invoices-created', { ...SUM, name: 'Invoices created', event: 'invoice.created' })
  await admin.putMetric(project, 'pdf-exports', { ...SUM, name: 'PDF exports', event: 'pdf.exported' })
  const users = new RedesignUsers({ url, key: await stage.server.newKey(), clock, users: 1_000, noise: 0.05 })
  await admin.uploadDirectory(project, {
    accounts: [],
    users: users.ids.map((id, index) => ({ id, attributes: { plan: index % 3 === 0 ? 'pro' : 'free' } })),
  })
  await users.act(() => ({ created: 1, exported: 1 }))
  now += DAY
  const served = await users.serve()
  const redesigned = new Set(served.flatMap(one => (one.variant === 'redesigned' ? [one.unitId] : [])))
  now += DAY
  await users.act(id => (redesigned.has(id) ? { created: 1.12, exported: 0.92 } : { created: 1, exported: 1 }))
  now += 8 * DAY
})

it('an experiment says +12 % invoices created and -8 % PDF exports, with intervals, arms and segments', async () => {
  const { page, complaints } = await stage.open('experiments')
  page.setDefaultTimeout(PATIENCE_MS)
  await page.getByRole('link', { name: 'Redesigned dashboard' }).click()
  const short = page.getByRole('region', { name: 'In short' })
  await short
    .getByText(/redesigned against classic: \+1[123].* % invoices created and -[789].* % PDF exports\./)
    .waitFor()
  await page.getByText('The arms have the sizes that they should have.').waitFor()
  const created = page.getByRole('region', { name: 'Invoices created' })
  await created.getByText('Better', { exact: true }).waitFor()
  expect(await created.locator('svg rect').count()).toBe(1)
  await page.getByLabel('By attribute as well').selectOption('plan')
  const segments = created.getByRole('table', { name: 'By plan' })
  await segments.getByText('pro', { exact: true }).waitFor()
  expect(await segments.getByRole('row').allInnerTexts()).toEqual([
    expect.stringContaining('Interval'),
    expect.stringMatching(/free.*\+1\d.*Better/s),
    expect.stringMatching(/pro.*\+1\d.*Better/s),
  ])
  expect(page.url()).toContain('by=plan')
  expect(complaints).toEqual([])
})

it('a metric is made from the catalogue, says that its event never arrived, and is taken by a rollout', async () => {
  const { page, complaints } = await stage.open('metrics')
  page.setDefaultTimeout(PATIENCE_MS)
  await page.getByRole('list', { name: 'Metrics' }).getByText('PDF exports', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Create metric' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Create metric' }).click()
  await dialog.getByText('Name the event that your code tracks.').waitFor()
  await dialog.getByLabel('Name').fill('Chat used')
  await dialog.getByLabel('Event').fill('chat.opened')
  await dialog
    .getByRole('status', { name: 'In words' })
    .getByText(/“chat.opened” within 48 hours/)
    .waitFor()
  await dialog.getByRole('button', { name: 'Create metric' }).click()
  await page.getByText('"chat.opened" has never arrived here.').waitFor()

  await page.goto(`${stage.server.url}/p/${SAMPLE.project}/flags/ai-chatbot`)
  await page.getByRole('button', { name: 'Start a rollout' }).click()
  await dialog.getByLabel('Error rate').uncheck({ force: true })
  await dialog.getByLabel('Add a guardrail from the library').selectOption('chat-used')
  await dialog.getByLabel('At least, by itself').fill('20')
  await dialog.getByLabel('Add a goal from the library').selectOption('chat-used')
  await dialog.getByText('"chat.opened" has never arrived here.').first().waitFor()
  await dialog.getByRole('button', { name: 'Save as draft' }).click()
  await page.getByRole('heading', { name: /Goals/ }).waitFor()
  const [rollout] = await stage.server.admin.listRollouts(SAMPLE.project, { flag: 'ai-chatbot' })
  const metric = { key: 'chat-used', version: 1, event: 'chat.opened', within: 'PT48H' }
  expect(rollout?.plan.guardrails).toMatchObject([{ id: 'chat-used', metric, limit: { ratio: 0.9, value: 0.2 } }])
  expect(rollout?.plan.goals).toMatchObject([{ id: 'goal-chat-used', metric, target: 0.3 }])
  expect(complaints).toEqual([])
})
