import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { joinAs, setUpAdmin, type Visitor } from '../../server/test/visitors.ts'
import { stageDashboard } from './open-dashboard.ts'

const stage = stageDashboard()

async function signedIn(visitor: Visitor, path: string) {
  const watched = await stage.open('/welcome')
  const [name = '', value = ''] = visitor.cookie().split('=')
  await watched.page.context().addCookies([{ name, value: decodeURIComponent(value), url: stage.server.url }])
  await watched.page.goto(`${stage.server.url}/p/invoicing/${path}`)
  return watched
}

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
  const { page, complaints } = await signedIn(viewer, 'flags')
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

  expect(await page.getByRole('alert').count()).toBe(0)
  expect(complaints).toEqual([])
})
