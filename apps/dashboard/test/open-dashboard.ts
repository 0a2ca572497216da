import { join } from 'node:path'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { builtPage, openBrowser, openPage, type WatchedPage } from '../../../tooling/services/browser.mjs'
import { startTestServer, type TestServer, type TestServerOptions } from '../../server/test/test-server.ts'
import type { Visitor } from '../../server/test/visitors.ts'

const DIST = join(import.meta.dirname, '../dist')

/** The built dashboard on a real server, in a real browser. Both are there once the tests begin. */
export interface Stage {
  readonly server: TestServer
  /** Opens a page of the sample project, e.g. "flags/ai-chatbot", or another address if it begins with a slash. */
  open(path: string, options?: BrowserContextOptions): Promise<WatchedPage>
  /** The same, signed in as somebody. */
  openAs(visitor: Visitor, path: string, options?: BrowserContextOptions): Promise<WatchedPage>
  /** Stops the server and gives the function that starts it again: same address, same data. */
  interrupt(): Promise<() => Promise<void>>
}

const addressOf = ({ url }: TestServer, path: string): string =>
  `${url}${path.startsWith('/') ? path : `/p/invoicing/${path}`}`

/** Starts what the tests of a file share, and ends it after them. */
export function stageDashboard(options: TestServerOptions = {}): Stage {
  let server: TestServer
  let browser: Browser
  const stops: (() => Promise<unknown>)[] = []
  beforeAll(async () => {
    server = await startTestServer({ ...options, dashboardFolder: builtPage(DIST) })
    const { stop } = server
    stops.push(stop)
    browser = await openBrowser()
    stops.push(() => browser.close())
  })
  afterAll(async () => {
    for (const stop of stops.splice(0).reverse()) await stop()
  })
  return {
    get server() {
      return server
    },
    open: async (path, pageOptions) => {
      const watched = await openPage(browser, pageOptions)
      await watched.page.goto(addressOf(server, path))
      return watched
    },
    openAs: async (visitor, path, pageOptions) => {
      const watched = await openPage(browser, pageOptions)
      const [name = '', value = ''] = visitor.cookie().split('=')
      await watched.page.context().addCookies([{ name, value: decodeURIComponent(value), url: server.url }])
      await watched.page.goto(addressOf(server, path))
      return watched
    },
    interrupt: async () => {
      const { application, databaseUrl, url } = server
      await application.stop()
      return async () => {
        server = await startTestServer({
          ...options,
          databaseUrl,
          port: Number(new URL(url).port),
          dashboardFolder: DIST,
        })
        stops.push(server.stop)
      }
    },
  }
}
