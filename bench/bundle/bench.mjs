// @ts-check
/** What the SDKs for pages add to a page. */
import { fileURLToPath } from 'node:url'
import { bundledKb } from '../lib/bundle.mjs'
import { rounded } from '../lib/numbers.mjs'

/** @import { Result } from '../lib/types.ts' */

export const about = 'kB that @dimmer/browser and @dimmer/react add to a page, minified and gzipped'

const bundles = [
  { name: '@dimmer/browser: createBrowserClient', entry: 'browser', goal: 4 },
  { name: '@dimmer/browser and @dimmer/react, all of both, without React', entry: 'react', goal: 5 },
]

/** @returns {Promise<Result>} */
export async function run() {
  const rows = bundles.map(async ({ name, entry, goal }) => {
    const path = fileURLToPath(new URL(`entries/${entry}.mjs`, import.meta.url))
    const kb = await bundledKb(path, { apart: ['react'] })
    return { name, value: rounded(kb), unit: 'kB gzip', goal, met: kb <= goal }
  })
  return { rows: await Promise.all(rows) }
}
