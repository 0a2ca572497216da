import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

const isExecutable = (path: string) => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Starts the machine's Chromium without a window. Rejects when there is none. */
export async function openBrowser(): Promise<Browser> {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const executablePath = NAMES.flatMap(name => folders.map(folder => join(folder, name))).find(isExecutable)
  if (executablePath === undefined) throw new Error(`There is no Chromium on the PATH (${NAMES.join(', ')})`)
  // The sandbox does not work for root, which tests in containers run as; the pages are our own.
  return chromium.launch({ executablePath, args: ['--no-sandbox'] })
}
