import { beforeAll, expect, it } from 'vitest'
import { setUpAdmin, type Visitor } from '../../server/test/visitors.ts'
import { stageDashboard } from './open-dashboard.ts'

const stage = stageDashboard()
const project = 'invoicing'
const place = { project, environment: 'production', flag: 'hostile' }

/** Each would run, if it were taken for markup or for an address. */
const IMAGE = '<img src=x onerror="window.pwned=1">'
const SCRIPT = '"><script>window.pwned=1</script>'
const LINK =
  '[x](javascript:window.pwned=1) <a href="javascript:window.pwned=1">y</a> {{constructor.constructor("window.pwned=1")()}}'

let ada: Visitor
let request = ''
let rollout = ''
beforeAll(async () => {
  ada = await setUpAdmin(stage.server)
  const { client } = ada
  await client.createFlag(project, {
    key: 'hostile',
    type: 'string',
    name: IMAGE,
    description: `${SCRIPT} ${LINK}`,
    variants: { on: SCRIPT, off: IMAGE },
    config: { on: true, fallthrough: { variant: 'off' } },
  })
  await client.putSegment(project, 'hostile', {
    name: IMAGE,
    when: { attribute: 'plan', op: 'equals', value: SCRIPT },
    list: { unit: 'account', ids: [IMAGE, LINK] },
  })
  await client.uploadDirectory(project, { accounts: [{ id: IMAGE, attributes: { name: SCRIPT, plan: SCRIPT } }] })
  await client.createSdkKey(project, 'production', { kind: 'server', name: IMAGE })
  request = (await client.requestChange(place, { title: IMAGE, comment: `${SCRIPT} ${LINK}`, change: { on: false } }))
    .id
  rollout = (
    await client.createRollout(project, {
      flag: 'hostile',
      environment: 'production',
      variant: 'on',
      unit: 'account',
      ruleId: 'stages',
      stages: [{ percent: 10, hold: 'PT1H' }],
    })
  ).id
  await client.actOnRollout(project, rollout, { action: 'start', note: SCRIPT })
  await client.actOnRollout(project, rollout, { action: 'pause', note: IMAGE })
})

it('markup in names, descriptions, values, ids, comments and decisions is text on every page: nothing of it runs', {
  timeout: 120_000,
}, async () => {
  const watched = await stage.open('/welcome')
  const { page, complaints } = watched
  const [name = '', value = ''] = ada.cookie().split('=')
  await page.context().addCookies([{ name, value: decodeURIComponent(value), url: stage.server.url }])
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', event => {
      console.error(`policy violated: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`)
    })
  })
  const pages: [path: string, shown: string][] = [
    ['flags', IMAGE],
    ['flags/hostile', SCRIPT],
    ['segments', IMAGE],
    ['segments/hostile', IMAGE],
    ['changes', IMAGE],
    [`changes/${request}`, SCRIPT],
    [`rollouts/${rollout}`, IMAGE],
    ['audit', IMAGE],
    ['keys', IMAGE],
  ]
  for (const [path, shown] of pages) {
    await page.goto(`${stage.server.url}/p/${project}/${path}`)
    await expect
      .poll(() => page.getByText(shown, { exact: false }).count(), { message: path, timeout: 10_000 })
      .toBeGreaterThan(0)
    const found = await page.evaluate(() => ({
      ran: Reflect.get(window, 'pwned') !== undefined,
      scripts: [...document.querySelectorAll('a[href^="javascript:" i], [onerror], img[src="x"]')].length,
    }))
    expect([path, found]).toEqual([path, { ran: false, scripts: 0 }])
  }
  expect(complaints).toEqual([])
})
