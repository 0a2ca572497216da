import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { at, SAMPLE, startTestServer, type TestServer } from '../../../apps/server/test/test-server.ts'
import { buildNextExample, installNextExample } from '../../../tooling/lib/targets.mjs'
import { openBrowser, openPage, type WatchedPage } from '../../../tooling/services/browser.mjs'
import { openGuard } from '../../../tooling/services/guard.mjs'
import { addNotRun } from '../../../tooling/services/not-run.mjs'
import { type NextProcess, startNext } from './next-process.ts'
import { npmMissing } from './npm-missing.ts'

const { project, environment } = SAMPLE
const missing = await npmMissing(installNextExample)
if (missing !== undefined) await addNotRun({ project: 'end to end', service: 'Next.js', reason: missing })

describe.skipIf(missing !== undefined)('the production build of a Next.js app', () => {
  const ends: (() => Promise<unknown>)[] = []
  let dimmer: TestServer
  let next: NextProcess
  let visitor: WatchedPage

  const serveLayout = (variant: string) =>
    dimmer.admin.putFlagConfig(at('redesigned-dashboard'), {
      on: true,
      prerequisites: [],
      rules: [],
      fallthrough: { variant },
      offVariant: 'classic',
    })

  /** What the browser sends is believed only if the app's server has signed it. */
  async function newSigningSecret(): Promise<string> {
    const { secret } = await dimmer.admin.createSigningSecret(project, environment, { name: 'next' })
    await dimmer.admin.putContextSigning(project, environment, { attributes: ['accountId', 'plan', 'country'] })
    return secret
  }

  beforeAll(async () => {
    const guard = openGuard()
    ends.push(() => guard.close())
    await buildNextExample()
    dimmer = await startTestServer()
    ends.push(() => dimmer.stop())
    await serveLayout('classic')
    next = await startNext(guard, {
      DIMMER_URL: dimmer.url,
      DIMMER_SDK_KEY: await dimmer.newKey(),
      DIMMER_BROWSER_KEY: await dimmer.newKey(environment, 'browser'),
      DIMMER_SIGNING_SECRET: await newSigningSecret(),
    })
    ends.push(() => next.stop())
    const browser = await openBrowser()
    ends.push(() => browser.close())
    visitor = await openPage(browser)
  }, 300_000)
  afterAll(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })
  afterEach(() => {
    expect([visitor.complaints.splice(0), next.output()]).toEqual([[], expect.not.stringContaining('Error')])
  })

  const html = async () => (await fetch(next.url)).text()
  const assistant = () => visitor.page.getByRole('button', { name: 'Ask the assistant' })
  const withoutAssistant = () => visitor.page.getByText('Questions? Write to us.')
  /** Resolves when the page has asked Dimmer itself, which it does once React has taken it over. */
  const live = async () => {
    const answer = await visitor.page.waitForResponse(response => response.url().startsWith(`${dimmer.url}/ofrep/`))
    await answer.finished()
    await visitor.page.evaluate(() => new Promise(requestAnimationFrame))
  }
  const arrived = async () =>
    (await dimmer.admin.eventHealth(project, environment)).names.map(({ name, unit }) => `${name} of ${unit}`)

  it('comes with the values of the flags, and goes on with them in the browser without a flicker', async () => {
    const drawn = await html()
    expect(drawn).toContain('One invoice at a time')
    expect(drawn).toContain('Ask the assistant')
    expect(drawn).not.toContain('Questions? Write to us.')

    await visitor.page.addInitScript(() => {
      const observer = new MutationObserver(() => {
        if (document.body?.textContent.includes('Write to us')) Object.assign(globalThis, { flickered: true })
      })
      observer.observe(document, { subtree: true, childList: true, characterData: true })
    })
    await Promise.all([live(), visitor.page.goto(next.url)])
    expect(await assistant().isVisible()).toBe(true)
    expect(await visitor.page.evaluate(() => 'flickered' in globalThis)).toBe(false)
  })

  it('takes a kill while it is open, and is drawn without the feature from then on', async () => {
    await visitor.mark()
    await dimmer.admin.kill(at('ai-chatbot'))
    await withoutAssistant().waitFor()
    expect(await visitor.neverReloaded()).toBe(true)
    await expect.poll(html).toContain('Questions? Write to us.')

    await dimmer.admin.switchFlag(at('ai-chatbot'), true)
    await assistant().waitFor()
    expect(await visitor.neverReloaded()).toBe(true)
  })

  it('tells Dimmer what the page and a route handler tracked', async () => {
    const share = { unit: 'account', percent: 100 }
    const { version } = await dimmer.admin.setShare(at('new-pdf-engine'), 'rollout', share)
    await expect
      .poll(async () => (await dimmer.admin.receipts(project, environment, version)).confirmed)
      .toBeGreaterThan(0)
    const answer = await fetch(`${next.url}/pdf`, { method: 'POST' })
    expect(answer.headers.get('x-pdf-engine')).toBe('new')
    await assistant().click()
    await expect
      .poll(arrived, { timeout: 15_000 })
      .toEqual(expect.arrayContaining(['pdf.generated of account', 'chat.opened of account']))
  })

  it('shows another page at the same address once its proxy decides so', async () => {
    expect(await html()).toContain('Your invoices')
    await serveLayout('redesigned')
    await expect.poll(html).toContain('All that is owed to you')
    await Promise.all([live(), visitor.page.reload()])
    await visitor.page.getByRole('heading', { name: 'All that is owed to you' }).waitFor()
    expect(visitor.page.url()).toBe(`${next.url}/`)
  })

  it("is another account's page with the signature for that account, and for no other", async () => {
    const asked = visitor.page.waitForRequest(request => request.url().startsWith(`${dimmer.url}/ofrep/`))
    await visitor.page.getByRole('button', { name: 'acc-00001' }).click()
    await visitor.page.getByText('Up to 500 invoices at once').waitFor()
    expect(await withoutAssistant().isVisible()).toBe(true)

    const request = await asked
    const { authorization = '' } = await request.allHeaders()
    const body = request.postDataJSON()
    expect(body.context).toMatchObject({ accountId: 'acc-00001', signedContext: expect.any(String) })
    const ask = (context: object) =>
      fetch(request.url(), {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ context }),
      })
    const { signedContext: _, ...unsigned } = body.context
    expect((await ask(body.context)).status).toBe(200)
    expect((await ask(unsigned)).ok).toBe(false)
  })
})
