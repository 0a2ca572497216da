import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { Fleet } from '../../server/test/invoicing-fleet.ts'
import { stageDashboard } from './open-dashboard.ts'

const MINUTE = 60_000
let now = Date.now() - 3 * 60 * MINUTE
const clock = { now: () => now }
const stage = stageDashboard({ clock })

/** Every eleventh request fails, with the new engine or without. */
const healthy = (account: number) => ({ ok: (account + now / MINUTE) % 11 >= 1, ms: 20 + (account % 7) * 10 })

let rollout: string
beforeAll(async () => {
  const { admin, application, url } = stage.server
  const fleet = new Fleet({ url, key: await stage.server.newKey(), clock, accounts: 2_000 })
  const { id } = await admin.createRollout('invoicing', {
    flag: 'new-pdf-engine',
    environment: 'production',
    variant: 'on',
    unit: 'account',
    stages: [5, 25, 50, 100].map(percent => ({ percent, hold: 'PT1H' })),
    guardrails: [
      { id: 'errors', name: 'PDF errors', kind: 'error-rate', event: 'pdf.generated', maxRatio: 5 },
      { id: 'latency', kind: 'latency', event: 'pdf.generated', quantile: 0.95, maxMs: 2_000 },
    ],
  })
  rollout = id
  await admin.actOnRollout('invoicing', id, { action: 'start', note: 'Tuesday is quiet' })
  for (let round = 0; round < 8; round++) {
    now += 10 * MINUTE
    await fleet.round(healthy)
    await application.runner.lookAtAll()
  }
})

/** How many dots of a chart are painted: an empty canvas has none. */
const paintedDots = (page: Page) =>
  page.locator('canvas').evaluateAll(canvases =>
    canvases.map(canvas => {
      if (!(canvas instanceof HTMLCanvasElement) || canvas.width === 0) return 0
      const dots = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? []
      return dots.filter((_, index) => index % 4 === 3).filter(alpha => alpha > 0).length
    }),
  )

describe.each(['light', 'dark'] as const)('a running rollout, in %s colors', colorScheme => {
  it('shows its stages, charts that are drawn, and every decision with its evidence', async () => {
    const { page, complaints } = await stage.open(`rollouts/${rollout}`, { colorScheme })
    await page.getByRole('list', { name: 'Stages' }).locator('[aria-current="step"]').getByText('25').waitFor()
    await page.getByText(/accounts had it so far/).waitFor()
    for (const name of [/^PDF errors/, /p95/]) await page.getByRole('heading', { name }).first().waitFor()

    await page.locator('canvas').nth(2).waitFor()
    const charts = await page.getByRole('img').all()
    const words = await Promise.all(charts.map(chart => chart.getAttribute('aria-label')))
    expect(words.join('\n')).toMatch(/latest: .*\d/)
    await expect.poll(async () => Math.min(...(await paintedDots(page)))).toBeGreaterThan(500)

    const log = page.locator('ol[reversed]')
    await log.getByText('Started', { exact: true }).waitFor()
    await log.getByText('Tuesday is quiet').waitFor()
    const expanded = log.getByRole('listitem').filter({ hasText: 'Expanded' })
    await expanded.getByText(/by the controller · version \d+/).waitFor()
    await expanded.getByRole('button', { name: 'Show the evidence' }).click()
    await expanded.getByText('PDF errors').waitFor()
    expect(complaints).toEqual([])
  })
})

it('is paused and resumed by hand, with a note that is kept', async () => {
  const { page, complaints } = await stage.open(`rollouts/${rollout}`)
  const act = async (name: string, note: string) => {
    await page.getByRole('button', { name, exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Note for the decision log').fill(note)
    await dialog.getByRole('button', { name, exact: true }).click()
    await page.locator('ol[reversed]').getByText(note).waitFor()
  }
  await act('Pause', 'lunch')
  await act('Resume', 'back from lunch')
  expect((await stage.server.admin.getRollout('invoicing', rollout)).state.status).toBe('running')
  expect(complaints).toEqual([])
})

it('is in the list, beside its flag, and gone from the flag once it is aborted', async () => {
  const { page, complaints } = await stage.open('rollouts')
  await page.getByRole('link', { name: 'new-pdf-engine' }).first().click()
  await page
    .getByText(/^Rollout of/)
    .first()
    .waitFor()
  await page.getByRole('link', { name: 'new-pdf-engine' }).first().click()
  await page.getByText('The rollout sets this share.').waitFor()
  await stage.server.admin.actOnRollout('invoicing', rollout, { action: 'abort' })
  await page.getByText('The rollout sets this share.').waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
})
