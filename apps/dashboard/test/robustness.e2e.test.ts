import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { at } from '../../server/test/test-server.ts'
import { stageDashboard } from './open-dashboard.ts'

const stage = stageDashboard()

const PAGES: readonly (readonly [string, string])[] = [
  ['flags', 'Flags'],
  ['flags/new-pdf-engine', 'New PDF engine'],
  ['flags/redesigned-dashboard', 'Redesigned dashboard'],
  ['rollouts', 'Rollouts'],
  ['hygiene', 'Hygiene'],
  ['segments', 'Segments'],
  ['units', 'Units'],
  ['keys', 'SDK keys'],
  ['changes', 'Changes'],
  ['members', 'Members'],
  ['audit', 'Audit log'],
  ['account', 'Account'],
]

async function settled(page: Page, heading: string): Promise<void> {
  await page.getByRole('heading', { name: heading, level: 1 }).waitFor()
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' })
}

/** 0 is black, 255 is white. */
const brightness = (page: Page) =>
  page.evaluate(() => {
    const [red = 0, green = 0, blue = 0] = getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g) ?? []
    return (Number(red) + Number(green) + Number(blue)) / 3
  })

it('every page is shown in light and dark colors, without a complaint, and a phone needs no sideways scrolling', async () => {
  const { page, complaints } = await stage.open('flags')
  const wide = page.viewportSize() ?? { width: 1280, height: 800 }
  for (const [path, heading] of PAGES) {
    await page.goto(`${stage.server.url}/p/invoicing/${path}`)
    await settled(page, heading)
    await page.emulateMedia({ colorScheme: 'light' })
    await expect.poll(() => brightness(page), { message: path }).toBeGreaterThanOrEqual(200)
    await page.emulateMedia({ colorScheme: 'dark' })
    await expect.poll(() => brightness(page), { message: path }).toBeLessThanOrEqual(60)
    await page.setViewportSize({ width: 390, height: 844 })
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth), { message: path }).toBe(390)
    await page.setViewportSize(wide)
  }
  expect(complaints).toEqual([])
})

it('the colors that a person chooses stay', async () => {
  const { page } = await stage.open('flags', { colorScheme: 'light' })
  const toggle = () => page.getByRole('button', { name: /^Colors:/ }).click()
  await toggle()
  await toggle()
  await expect.poll(() => brightness(page)).toBeLessThan(60)
  await page.reload()
  await settled(page, 'Flags')
  expect(await brightness(page)).toBeLessThan(60)
})

describe('390 px wide', () => {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }

  it('every page is reached from the bottom, and the tab one is on is marked', async () => {
    const { page } = await stage.open('flags', phone)
    await settled(page, 'Flags')
    const tabs = page.getByRole('contentinfo').getByRole('navigation', { name: 'Pages' })
    const current = tabs.locator('[aria-current]')
    for (const name of ['Rollouts', 'Segments', 'Changes', 'Flags']) {
      await tabs.getByRole('link', { name }).tap()
      await settled(page, name)
      expect(await current.allInnerTexts()).toEqual([name])
    }
    for (const tab of await tabs.locator('a, button').all()) {
      const box = await tab.boundingBox()
      expect((box?.x ?? Number.NaN) + (box?.width ?? Number.NaN)).toBeLessThanOrEqual(390)
    }
    const more = page.getByRole('dialog', { name: 'More pages' })
    for (const name of ['Hygiene', 'Audit log', 'Units', 'SDK keys', 'Members']) {
      await tabs.getByRole('button', { name: 'More' }).tap()
      await more.getByRole('link', { name }).tap()
      await settled(page, name)
      await more.waitFor({ state: 'detached' })
      expect(await current.allInnerTexts()).toEqual(['More'])
    }
    await tabs.getByRole('button', { name: 'More' }).tap()
    await more.getByRole('link', { name: 'Members' }).waitFor()
    expect(await more.locator('[aria-current="page"]').allInnerTexts()).toEqual(['Members'])
  })

  it('every flag shows who has it and its switch, and can be switched', async () => {
    const { page } = await stage.open('flags', phone)
    await settled(page, 'Flags')
    const rows = await page.getByRole('list', { name: 'Flags' }).getByRole('listitem').all()
    expect(rows).toHaveLength(5)
    const row = page.getByRole('listitem').filter({ hasText: 'new-pdf-engine' })
    for (const part of [row.getByText('5 % of accounts'), row.getByText('On', { exact: true })]) {
      const box = await part.boundingBox()
      expect(box?.x).toBeGreaterThanOrEqual(0)
      expect((box?.x ?? 0) + (box?.width ?? Number.NaN)).toBeLessThanOrEqual(390)
    }
    await row.getByText('On', { exact: true }).tap()
    await page.getByRole('button', { name: 'Switch off' }).tap()
    await row.getByText('off for everybody').waitFor()
    await stage.server.admin.switchFlag(at('new-pdf-engine'), true)
    await row.getByText('5 % of accounts').waitFor()
  })

  it('the page of a flag has kill and share within reach', async () => {
    const { page } = await stage.open('flags/new-pdf-engine', phone)
    await settled(page, 'New PDF engine')
    await page.getByRole('textbox', { name: /^Percent of accounts/ }).fill('6')
    for (const name of ['Kill', 'Apply', 'Discard']) {
      const button = page.getByRole('button', { name, exact: true })
      await button.scrollIntoViewIfNeeded()
      const box = await button.boundingBox()
      expect((box?.x ?? 0) + (box?.width ?? Number.NaN), name).toBeLessThanOrEqual(390)
    }
  })
})

describe('an address that leads nowhere says so and leads back', () => {
  it('whatever the address', async () => {
    const { page } = await stage.open('/nothing')
    for (const path of ['/nothing', '/p/nobody/flags', '/p/invoicing/nothing', '/p/invoicing/flags/a/b/c']) {
      await page.goto(`${stage.server.url}${path}`)
      await page.getByText('There is nothing here').waitFor()
      await page.getByRole('link', { name: 'To the flags' }).click()
      await settled(page, 'Flags')
    }
  })

  it('in the words of the server where it knows better', async () => {
    const { page } = await stage.open('flags/nobody')
    await page.getByText('There is no flag "nobody" in this project.').waitFor()
    await page.goto(`${stage.server.url}/p/invoicing/rollouts/nobody`)
    await page.getByText('There is no rollout "nobody" in this project.').waitFor()
  })

  it('an environment that is not there is taken for the usual one', async () => {
    const { page, complaints } = await stage.open('flags?env=moon')
    await page.getByText(/As they stand in Production/).waitFor()
    expect(complaints).toEqual([])
  })
})

it('a server that goes away is announced, refuses in words, and is taken up again without a reload', async () => {
  const watched = await stage.open('flags')
  const { page } = watched
  const row = page.getByRole('listitem').filter({ hasText: 'maintenance-mode' })
  await row.getByText('off for everybody').waitFor()
  await watched.mark()

  const startAgain = await stage.interrupt()
  await page.getByText('Live updates lost, retrying').waitFor()
  await row.getByRole('switch').click({ force: true })
  await page.getByRole('button', { name: 'Switch on' }).click()
  await page.getByText(/The Dimmer server cannot be reached/).waitFor()
  await page.getByRole('button', { name: 'Cancel' }).click()
  expect(await row.getByRole('switch').isChecked()).toBe(false)

  await startAgain()
  await stage.server.admin.switchFlag(at('maintenance-mode'), true)
  await page.getByText('Live updates lost, retrying').waitFor({ state: 'detached', timeout: 20_000 })
  await row.getByText('everybody', { exact: true }).waitFor()
  expect(await row.getByRole('switch').isChecked()).toBe(true)
  expect(await watched.neverReloaded()).toBe(true)
})
