import { createAdminClient } from '@dimmer/protocol'
import { expect, it } from 'vitest'
import { at, SAMPLE } from '../../server/test/test-server.ts'
import { joinAs, setUpAdmin } from '../../server/test/visitors.ts'
import { stageDashboard } from './open-dashboard.ts'

const stage = stageDashboard()

it('a refused change becomes a request, which says what it waits for, and stands in the audit log', async () => {
  const admin = createAdminClient({ url: stage.server.url })
  const policy = { switch: true, targeting: true, shareUpBy: 10, approvals: 1, roles: ['admin' as const] }
  await admin.setApprovalPolicy(SAMPLE.project, SAMPLE.environment, { policy })
  const { page } = await stage.open('flags/maintenance-mode')
  await page.getByRole('switch', { name: /in production/ }).click({ force: true })
  await page.getByRole('button', { name: 'Switch on' }).click()
  await page.getByLabel('What it is for').fill('Closed for the move')
  await page.getByRole('button', { name: 'Request change' }).click()
  await page.getByRole('link', { name: 'See the change request' }).click()
  await page.getByText('0 of 1 approvals').waitFor()
  await page.getByRole('button', { name: 'Approve' }).click()
  await page.getByText('You have written this change yourself').waitFor()
  await page.getByLabel("Why it can't wait").fill('Nobody else is here')
  await page.getByRole('button', { name: 'Apply without approval' }).click()
  await page.getByText('applied', { exact: true }).waitFor()
  const flag = await admin.getFlag(at('maintenance-mode').project, 'maintenance-mode')
  expect(flag.environments.find(({ environment }) => environment === 'production')?.on).toBe(true)
  await page.goto(`${stage.server.url}/p/${SAMPLE.project}/audit`)
  await page.getByText('Chain verified').waitFor()
  await page.getByText('past approvals').first().waitFor()
  await page.getByText('Nobody else is here').first().waitFor()
})

it('the switch in the list of flags shows the forecast and offers a request too', async () => {
  const { page } = await stage.open('flags')
  const row = page.getByRole('listitem').filter({ hasText: 'ai-chatbot' })
  await row.getByRole('switch').click({ force: true })
  await page.getByRole('dialog').getByText('Forecast').first().waitFor()
  await page.getByRole('button', { name: /^Switch o/ }).click()
  await page.getByRole('button', { name: 'Request change' }).waitFor()
  await page.getByRole('button', { name: 'Cancel' }).click()
})

it('a change of a segment that production uses is asked for, and the request says who gains by it', async () => {
  const admin = createAdminClient({ url: stage.server.url })
  const { project, environment } = SAMPLE
  const before = await admin.getApprovalPolicy(project, environment)
  await admin.setApprovalPolicy(project, environment, { policy: null })
  await admin.uploadDirectory(project, { accounts: [{ id: 'acc-9', attributes: {} }] })
  await admin.putSegment(project, 'pilots', { name: 'Pilots' })
  await admin.putFlagConfig(at('bulk-invoice-api'), {
    on: true,
    offVariant: 'off',
    prerequisites: [],
    rules: [{ id: 'pilots', when: { segment: 'pilots' }, serve: { variant: 'on' } }],
    fallthrough: { variant: 'off' },
  })
  await admin.setApprovalPolicy(project, environment, { policy: before.policy })
  const { page, complaints } = await stage.open('segments/pilots')
  await page.getByLabel('Paste ids, list').fill('acc-9')
  await page.getByRole('button', { name: 'Take', exact: true }).first().click()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByLabel('What it is for').fill('The first pilot')
  await page.getByRole('button', { name: 'Request change' }).click()
  await page.getByRole('link', { name: 'See the change request' }).click()
  await page.getByText('Gains 1 id: acc-9').waitFor()
  await page.getByText('bulk-invoice-api in production: 1 account gains it.').waitFor()
  // The refusal that led to the request.
  expect(complaints.filter(text => !text.includes('403') && !text.includes('409'))).toEqual([])
})

it('a draft waits for two others: the page says why its author cannot start it, and who has approved', async () => {
  const { project, environment } = SAMPLE
  const ada = await setUpAdmin(stage.server)
  const bert = await joinAs(stage.server, ada, { email: 'bert@example.com', role: 'engineer' })
  const carl = await joinAs(stage.server, ada, { email: 'carl@example.com', role: 'product' })
  const policy = { switch: true, targeting: true, shareUpBy: 10, approvals: 2, roles: ['product', 'admin'] as const }
  await ada.client.setApprovalPolicy(project, environment, { policy: { ...policy, roles: [...policy.roles] } })
  const { id } = await bert.client.createRollout(project, {
    flag: 'bulk-invoice-api',
    environment,
    variant: 'on',
    unit: 'account',
    ruleId: 'stages',
    stages: [{ percent: 50, hold: 'PT1H' }],
  })
  const author = await stage.openAs(bert, `rollouts/${id}`)
  await author.page.getByText('0 of 2 given').waitFor()
  const start = author.page.getByRole('button', { name: 'Start' })
  await expect.poll(() => start.getAttribute('aria-description')).toContain('You wrote the plan.')

  const approver = await stage.openAs(carl, `rollouts/${id}`)
  await approver.page.getByLabel('Note').fill('Looks safe')
  await approver.page.getByRole('button', { name: 'Approve the plan' }).click()
  await author.page.getByText('1 of 2 given').waitFor()
  await author.page.getByText('Looks safe').waitFor()

  const starter = await stage.openAs(ada, `rollouts/${id}`)
  await starter.page.getByRole('button', { name: 'Start' }).click()
  await starter.page.getByRole('dialog').getByRole('button', { name: 'Start' }).click()
  await author.page.getByRole('button', { name: 'Pause' }).waitFor()
  expect(author.complaints).toEqual([])
})
