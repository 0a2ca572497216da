import { expect, it } from 'vitest'
import { PASSWORD, visit } from '../../server/test/visitors.ts'
import { stageDashboard } from './open-dashboard.ts'

const stage = stageDashboard()

it('a newcomer makes the first account, invites somebody who may only look in production, and all sign in', async () => {
  const { page, complaints } = await stage.open('flags')
  await page.getByText('You are in without signing in').waitFor()
  await page.getByRole('link', { name: 'Create your account and invite others' }).click()
  await page.getByLabel('E-mail').fill('ada@example.com')
  await page.getByLabel('Name').fill('Ada')
  await page.getByLabel('Password', { exact: false }).first().fill(PASSWORD)
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('button', { name: 'Account of Ada' }).waitFor()
  expect(await page.getByText('You are in without signing in').count()).toBe(0)

  await page.goto(`${stage.server.url}/p/invoicing/members`)
  await page.getByLabel('E-mail').fill('bob@example.com')
  await page.getByLabel('In Production').first().selectOption('viewer')
  await page.getByRole('button', { name: 'Invite', exact: true }).click()
  const link = (await page.getByText('/welcome#').textContent()) ?? ''

  const bob = await stage.open(new URL(link).pathname + new URL(link).hash)
  await bob.page.getByText('Ada invited you as engineer').waitFor()
  expect(bob.page.url()).not.toContain('#')
  await bob.page.getByLabel('Name').fill('Bob')
  await bob.page.getByLabel('Password', { exact: false }).first().fill(PASSWORD)
  await bob.page.getByRole('button', { name: 'Create account' }).click()
  await bob.page.getByRole('button', { name: 'Account of Bob' }).click()
  await bob.page.getByRole('menuitem', { name: 'Sign out' }).click()
  await bob.page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await bob.page.getByLabel('E-mail').fill('bob@example.com')
  await bob.page.getByLabel('Password').first().fill(PASSWORD)
  await bob.page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await bob.page.getByRole('button', { name: 'Account of Bob' }).waitFor()
  await bob.page.goto(`${stage.server.url}/p/invoicing/keys?env=production`)
  await bob.page
    .getByText("Your role in production is viewer, which doesn't let you make and revoke SDK keys.")
    .waitFor()
  expect(complaints).toEqual([])

  const ada = visit(stage.server.url)
  await ada.client.signIn({ email: 'ada@example.com', password: PASSWORD })
  const member = (await ada.client.listMembers('invoicing')).find(({ name }) => name === 'Bob')
  await bob.page.goto(`${stage.server.url}/p/invoicing/flags`)
  await bob.page.getByText('ai-chatbot').first().waitFor()
  await ada.client.disablePerson(member?.id ?? '')
  await bob.page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await bob.page.getByLabel('E-mail').fill('bob@example.com')
  await bob.page.getByLabel('Password').first().fill(PASSWORD)
  await bob.page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await bob.page.getByText('Your account is disabled. Ask an admin.').waitFor()
})
