import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { at } from '../../server/test/test-server.ts'
import { joinAs, setUpAdmin, type Visitor } from '../../server/test/visitors.ts'
import { stageDashboard } from './open-dashboard.ts'

const stage = stageDashboard()

/** The buttons with these names can't be used, and say why. */
async function expectLocked(page: Page, names: readonly string[], why: string): Promise<void> {
  for (const name of names) {
    const button = page.getByRole('button', { name, exact: true }).first()
    await button.waitFor()
    expect(await button.isDisabled(), name).toBe(true)
    expect(await button.getAttribute('aria-description'), name).toContain(why)
  }
}

let admin: Visitor
beforeAll(async () => {
  admin = await setUpAdmin(stage.server)
})

it('a viewer sees everything, is told why nothing can be changed, and meets no errors', async () => {
  const viewer = await joinAs(stage.server, admin, { email: 'vera@example.com', role: 'viewer' })
  await admin.client.putSegment('invoicing', 'pilots', { name: 'Pilots' })
  const { page, complaints } = await stage.openAs(viewer, 'flags')
  const goTo = (path: string) => page.goto(`${stage.server.url}/p/invoicing/${path}`)
  const why = 'is viewer'

  await expectLocked(page, ['Create flag', 'Kill New PDF engine'], why)
  const onOff = page.getByRole('switch', { name: 'New PDF engine in production' })
  expect(await onOff.isDisabled()).toBe(true)
  await page.getByRole('button', { name: 'Create flag' }).click({ force: true })
  await page
    .getByRole('tooltip')
    .getByText(/doesn't let you make flags/)
    .waitFor()
  expect(await page.getByRole('dialog').count()).toBe(0)

  await goTo('flags/new-pdf-engine')
  await expectLocked(page, ['Archive', 'Kill', 'Edit rules', 'Start a rollout'], why)
  await page.getByText("doesn't let you make flags, switch them, and change their rules").first().waitFor()
  expect(await page.getByRole('textbox', { name: /^Percent of accounts/ }).isDisabled()).toBe(true)

  await goTo('segments')
  await expectLocked(page, ['Create segment'], why)
  await goTo('segments/pilots')
  await page.getByText("doesn't let you look up accounts and users").waitFor()
  await expectLocked(page, ['Delete', 'Save'], why)

  await goTo('units')
  await expectLocked(page, ['Declare unit'], why)
  await goTo('keys')
  await page.getByText("doesn't let you make and revoke SDK keys").waitFor()

  await goTo('connections')
  await expectLocked(page, ['Connect', 'Upload CSV', 'Upload tickets'], why)
  await goTo('privacy')
  await expectLocked(page, ['Make private', 'Erase'], why)
  await goTo('audit')
  await page.getByText("doesn't let you read and export the audit log").waitFor()
  await goTo('people')
  await page.getByText('Only admins of all projects see every account').waitFor()
  expect(await page.getByRole('link', { name: 'People' }).count()).toBe(0)

  const request = await admin.client.requestChange(at('maintenance-mode'), { title: 'Close', change: { on: true } })
  await goTo(`changes/${request.id}`)
  await expectLocked(page, ['Approve', 'Reject', 'Only comment', 'Apply now', 'Cancel the request', 'Schedule'], why)
  await goTo('changes')
  await expectLocked(page, ['Save'], why)

  expect(await page.getByRole('alert').count()).toBe(0)
  expect(complaints).toEqual([])
})

it('nobody approves their own change; others do, and what it waits for is said', async () => {
  const policy = { switch: true, targeting: true, shareUpBy: 10, approvals: 1, roles: ['product' as const] }
  await admin.client.setApprovalPolicy('invoicing', 'production', { policy })
  const { id } = await admin.client.requestChange(at('maintenance-mode'), { title: 'Move', change: { on: true } })
  const own = await stage.openAs(admin, `changes/${id}`)
  await expectLocked(own.page, ['Approve'], 'somebody else must approve it')
  await expectLocked(own.page, ['Apply now'], 'It has 0 of 1 approvals')
  await own.page.getByText('only approvals by product count').waitFor()

  const product = await joinAs(stage.server, admin, { email: 'pia@example.com', role: 'product' })
  const { page } = await stage.openAs(product, `changes/${id}`)
  await page.getByRole('button', { name: 'Approve' }).click()
  await own.page.getByRole('button', { name: 'Apply now' }).and(own.page.locator(':enabled')).click()
  await own.page.getByText('applied', { exact: true }).waitFor()
})
