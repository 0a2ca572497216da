// @ts-check
/** `npm run audit:verify`: checks the audit journal; see docs/audit.md. */
import { pathToFileURL } from 'node:url'
import { ensureInstalled } from './lib/install.mjs'
import { main } from './lib/run.mjs'
import { auditVerifyEntry, buildServer } from './lib/targets.mjs'

await main(async () => {
  await ensureInstalled()
  await buildServer()
  await import(pathToFileURL(auditVerifyEntry).href)
})
