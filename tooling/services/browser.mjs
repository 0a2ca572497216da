// @ts-check
/** A real browser for tests. */
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright-core'

/**
 * @import { Browser, BrowserContextOptions, Page } from 'playwright-core'
 */

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * Starts the machine's Chromium without a window. Rejects when there is none.
 * @returns {Promise<Browser>}
 */
export async function openBrowser() {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const executablePath = names.flatMap(name => folders.map(folder => join(folder, name))).find(isExecutable)
  if (executablePath === undefined) throw new Error(`There is no Chromium on the PATH (${names.join(', ')})`)
  // The sandbox does not work for root, which tests in containers run as; the pages are our own.
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking']
  return chromium.launch({ executablePath, args })
}

/**
 * A page of its own, as a person would have it.
 * @typedef {object} WatchedPage
 * @property {Page} page
 * @property {string[]} complaints what the page wrote to the console as an error, and what it threw
 * @property {() => Promise<boolean>} neverReloaded false once the page that was marked has been loaded anew
 * @property {() => Promise<void>} mark marks the page as it is now
 */

/**
 * @param {Browser} browser
 * @param {BrowserContextOptions} [options]
 * @returns {Promise<WatchedPage>}
 */
export async function openPage(browser, options) {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  /** @type {string[]} */
  const complaints = []
  page.on('pageerror', error => void complaints.push(error.message))
  page.on('console', message => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  return {
    page,
    complaints,
    mark: async () => {
      await page.evaluate(() => Object.assign(globalThis, { neverReloaded: true }))
    },
    neverReloaded: () => page.evaluate(() => 'neverReloaded' in globalThis),
  }
}

/**
 * The folder of a built page. Throws when it was not built.
 * @param {string} folder
 */
export function builtPage(folder) {
  if (!existsSync(join(folder, 'index.html'))) throw new Error(`${folder} is not built: run "npm run build" first`)
  return folder
}
