import { expect, it } from 'vitest'
import { SAMPLE } from '../../server/test/test-server.ts'
import { stageDashboard } from './open-dashboard.ts'

const stage = stageDashboard()

it('makes a signing secret, shows it once, and says what browsers must have signed', async () => {
  const { page, complaints } = await stage.open(`keys?env=${SAMPLE.environment}`)
  await page.getByRole('textbox', { name: 'Name of the secret' }).fill('Shop server')
  await page.getByRole('button', { name: 'Create secret' }).click()
  await page.getByText(/^dmr_sign_[\w-]{43}$/).waitFor()
  const attributes = page.getByRole('combobox', { name: 'Browsers must have signed' })
  await attributes.fill('accountId')
  await attributes.press('Enter')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect
    .poll(async () => (await stage.server.admin.contextSigning(SAMPLE.project, SAMPLE.environment)).attributes)
    .toEqual(['accountId'])
  await page.reload()
  await page.getByRole('list', { name: 'Signing secrets' }).getByText('Shop server').waitFor()
  expect(await page.getByText(/^dmr_sign_[\w-]{43}$/).count()).toBe(0)
  expect(complaints).toEqual([])
})
