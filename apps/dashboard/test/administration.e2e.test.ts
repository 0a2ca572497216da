import { beforeAll, expect, it } from 'vitest'
import { joinAs, setUpAdmin, type Visitor } from '../../server/test/visitors.ts'
import { stageDashboard } from './open-dashboard.ts'

const stage = stageDashboard()

let admin: Visitor
beforeAll(async () => {
  admin = await setUpAdmin(stage.server)
})

const file = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })

it('an admin of all projects sees every account, gives a role in all projects, a new password, and removes one', async () => {
  const bob = await joinAs(stage.server, admin, { email: 'bob@example.com', role: 'viewer' })
  await admin.client.createProject({ key: 'shop', name: 'Shop' })
  await admin.client.invite('shop', { email: 'newcomer@example.com', role: 'support' })
  const { page, complaints } = await stage.openAs(admin, 'people')
  await page.getByText('newcomer@example.com as support in Shop').waitFor()
  const own = page.getByRole('listitem').filter({ hasText: 'This is you' })
  expect(await own.getByRole('button', { name: 'Remove' }).isDisabled()).toBe(true)

  await page.getByLabel('Role of bob in all projects').selectOption('engineer')
  await expect.poll(async () => Object.keys((await bob.client.session()).projects)).toContain('shop')
  await page.getByRole('button', { name: 'New password for bob' }).click()
  await page.getByText('/welcome#').waitFor()

  await page.getByRole('button', { name: 'Disable bob' }).click()
  await page.getByRole('button', { name: 'Disable account' }).click()
  await page.getByText('disabled', { exact: true }).waitFor()
  expect((await bob.client.session()).via).toBeNull()
  await page.getByRole('button', { name: 'Enable bob' }).click()
  await page.getByRole('button', { name: 'Disable bob' }).waitFor()

  await page.getByRole('button', { name: 'Remove bob' }).click()
  await page.getByRole('dialog').getByText('(invoicing)').waitFor()
  await page.getByRole('button', { name: 'Remove account' }).click()
  await page.getByText('1 account', { exact: true }).waitFor()
  expect((await bob.client.session()).via).toBeNull()
  expect(complaints).toEqual([])
})

it('an attribute is made private, and an account is erased once its id is typed', async () => {
  const accounts = [{ id: 'acc-1', attributes: { plan: 'pro', vat: 'DE1' } }]
  await admin.client.uploadDirectory('invoicing', {
    accounts,
    users: [{ id: 'u-1', accountId: 'acc-1', attributes: {} }],
  })
  await admin.client.putSegment('invoicing', 'pilots', { name: 'Pilots', list: { unit: 'account', ids: ['acc-1'] } })
  const { page, complaints } = await stage.openAs(admin, 'privacy')
  await page.getByLabel('Attribute', { exact: true }).first().fill('vat')
  await page.getByRole('button', { name: 'Make private' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Make private' }).click()
  await page.getByText('vat was deleted from 1 entry of the directory.').waitFor()
  await page.getByRole('button', { name: 'Make vat open' }).waitFor()

  await page.getByLabel('What').selectOption('account')
  await page.getByLabel('Id', { exact: true }).fill('acc-1')
  await page.getByLabel('Its users too').check()
  await page.getByRole('button', { name: 'Erase', exact: true }).click()
  const sure = page.getByRole('dialog').getByRole('button', { name: 'Erase' })
  expect(await sure.isDisabled()).toBe(true)
  await page.getByLabel('Type acc-1 to confirm').fill('acc-1')
  await sure.click()
  await page.getByRole('heading', { name: 'account acc-1: erased' }).waitFor()
  await page.getByRole('row', { name: 'Accounts and users 2' }).waitFor()
  await page
    .getByText(/pilots/)
    .last()
    .waitFor()
  await page.getByText('90 days').waitFor()
  expect(complaints).toEqual([])
})

it('a support desk is connected with an address and a secret shown once, and a file with a bad line is refused by that line', async () => {
  const { page } = await stage.openAs(admin, 'connections')
  await page.getByText('Nothing yet. Connect a support desk').waitFor()
  await page.getByRole('button', { name: 'Connect' }).click()
  await page.getByLabel('Name').fill('Help desk')
  await page.getByRole('dialog').getByRole('button', { name: 'Connect' }).click()
  await page.getByText('Help desk is connected: this is its secret').waitFor()
  await page.getByText(`${stage.server.url}/hooks/v1/tickets/`).waitFor()
  await page.getByRole('button', { name: 'I have copied it' }).click()
  await page.getByText('nothing yet', { exact: true }).waitFor()

  const upload = async (button: string, sent: ReturnType<typeof file>) => {
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: button }).click()
    await (await chooser).setFiles(sent)
  }
  await upload('Upload CSV', file('bad.csv', 'id,plan\nacc-7,pro\n,free\n'))
  await page.getByText('Nothing of bad.csv was taken').waitFor()
  await page.getByText(/^line 3: id/).waitFor()
  await upload('Upload CSV', file('good.csv', 'id;plan\nacc-7;pro\nacc-8;free\n'))
  await page.getByText('good.csv: 2 accounts taken.').waitFor()
  await upload('Upload tickets', file('tickets.csv', 'id,accountId\n1,acc-7\n2,nobody-we-know\n'))
  await page.getByText(/^tickets\.csv: 1 ticket taken, 1 left out|^tickets\.csv: 2 tickets taken/).waitFor()
})
