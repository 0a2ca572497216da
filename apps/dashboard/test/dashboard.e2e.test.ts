import { describe, expect, it } from 'vitest'
import { at } from '../../server/test/test-server.ts'
import { stageDashboard } from './open-dashboard.ts'

const stage = stageDashboard()

const shareOf = async (flag: string) => {
  const { environments } = await stage.server.admin.getFlag('invoicing', flag)
  return environments.find(({ environment }) => environment === 'production')?.rules[0]?.share?.percent
}

describe('the share of a flag', () => {
  it('is set by slider or by number, and only on Apply', async () => {
    const { page, complaints } = await stage.open('flags/new-pdf-engine')
    await page.getByRole('slider', { name: 'Share of rule rollout' }).focus()
    await page.keyboard.press('ArrowRight')
    await page.getByText('6 % of accounts', { exact: true }).waitFor()
    await page.getByRole('textbox', { name: /^Percent of accounts/ }).fill('12.5')
    await page.getByText('7.5 % of accounts join. Everybody who has it keeps it.').waitFor()
    expect(await shareOf('new-pdf-engine')).toBe(5)
    await page.getByRole('button', { name: 'Apply' }).click()
    await page.getByText(/Now 12\.5\s% of accounts, with version \d+\./).waitFor()
    expect(await shareOf('new-pdf-engine')).toBe(12.5)
    expect(complaints).toEqual([])
  })

  it('follows a change that somebody else makes', async () => {
    const { page } = await stage.open('flags')
    const row = page.getByRole('listitem').filter({ hasText: 'new-pdf-engine' })
    await row.getByText('12.5 % of accounts').waitFor()
    await stage.server.admin.setShare(at('new-pdf-engine'), 'rollout', { unit: 'account', percent: 33 })
    await row.getByText('33 % of accounts').waitFor()
  })

  it('stays as it is while a rollout sets it, and the page says why', async () => {
    const { admin } = stage.server
    const { id } = await admin.createRollout('invoicing', {
      flag: 'new-pdf-engine',
      environment: 'production',
      variant: 'on',
      unit: 'account',
      stages: [{ percent: 40, hold: 'PT1H' }],
    })
    await admin.actOnRollout('invoicing', id, { action: 'start' })
    const { page } = await stage.open('flags/new-pdf-engine')
    await page.getByText('The rollout sets this share.').waitFor()
    await page.getByRole('textbox', { name: /^Percent of accounts/ }).fill('50')
    await page.getByRole('button', { name: 'Apply' }).click()
    const refusal = page.getByRole('alert').filter({ hasText: 'The share was not changed' })
    await refusal.getByText(/^The rule "rollout" is set by a running rollout\./).waitFor()
    expect(await shareOf('new-pdf-engine')).toBe(40)
    await admin.actOnRollout('invoicing', id, { action: 'abort' })
  })
})

describe('a new flag', () => {
  it('takes its key from its name, is off everywhere and is in the list', async () => {
    const { page, complaints } = await stage.open('flags')
    await page.getByRole('button', { name: 'Create flag' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Fast Checkout')
    expect(await dialog.getByLabel('Key').inputValue()).toBe('fast-checkout')
    await dialog.getByRole('button', { name: 'Create flag' }).click()
    await page.getByRole('heading', { name: 'Fast Checkout' }).waitFor()
    const { environments } = await stage.server.admin.getFlag('invoicing', 'fast-checkout')
    expect(environments.map(({ on }) => on)).toEqual([false, false])
    await page.getByRole('navigation').getByRole('link', { name: 'Flags' }).first().click()
    await page.getByRole('listitem').filter({ hasText: 'fast-checkout' }).getByText('off for everybody').waitFor()
    expect(complaints).toEqual([])
  })

  it('is refused in the words of the server, and what was typed stays', async () => {
    const { page } = await stage.open('flags')
    await page.getByRole('button', { name: 'Create flag' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('AI chatbot')
    await dialog.getByRole('button', { name: 'Create flag' }).click()
    await dialog.getByText('The key "ai-chatbot" is taken').waitFor()
    await dialog.getByLabel('Key').fill('my key')
    await dialog.getByRole('button', { name: 'Create flag' }).click()
    await dialog
      .getByRole('alert')
      .getByText(/a key starts with a letter or digit/)
      .first()
      .waitFor()
    expect(await dialog.getByLabel('Name').inputValue()).toBe('AI chatbot')
  })
})

it('an SDK key is shown once, works, and no longer works once it is revoked', async () => {
  const { page, complaints } = await stage.open('keys')
  const ruleset = async (key: string) =>
    (await fetch(`${stage.server.url}/sdk/v1/ruleset`, { headers: { authorization: `Bearer ${key}` } })).status
  await page.getByLabel('Name').fill('Invoice API')
  await page.getByRole('button', { name: 'Create key' }).click()
  await page.getByText('Copy it now: it is not shown again.').waitFor()
  const key = (await page.getByText(/^dmr_server_\S{20,}$/).textContent()) ?? ''
  expect(await ruleset(key)).toBe(200)

  await page.reload()
  const row = page.getByRole('listitem').filter({ hasText: 'Invoice API' })
  await row.getByText(`${key.slice(0, 'dmr_server_'.length + 4)}…`).waitFor()
  expect(await page.content()).not.toContain(key)

  await row.getByRole('button', { name: 'Revoke' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await row.getByText(/revoked/).waitFor()
  expect(await ruleset(key)).toBe(401)
  expect(complaints).toEqual([])
})

it('explains in words who gets a flag and why, and says what is wrong with what was typed', async () => {
  const { page, complaints } = await stage.open('flags/ai-chatbot')
  const attributes = page.getByLabel('Other attributes')
  const explain = page.getByRole('button', { name: 'Explain', exact: true })
  await attributes.fill('{ "plan": "free", "country": "DE" }')
  await explain.click()
  await page
    .getByText(/country is DE, needed US or GB/)
    .first()
    .waitFor()
  await attributes.fill('{ "plan": "free", "country": "GB" }')
  await explain.click()
  await page.getByText(/rule 1 'Free plan in the US and GB' matched/).waitFor()
  await attributes.fill('{ plan')
  await page.getByText('This is not a JSON object').waitFor()
  expect(await explain.isDisabled()).toBe(true)
  expect(complaints).toEqual([])
})
