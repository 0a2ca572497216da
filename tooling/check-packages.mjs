// @ts-check
/** `node tooling/check-packages.mjs`: whether what would be published can be imported by those who install it. */
import { readdirSync, readFileSync } from 'node:fs'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { inRoot } from './lib/root.mjs'

for (const name of readdirSync(inRoot('packages'))) {
  const pkgDir = inRoot('packages', name)
  const pkg = JSON.parse(readFileSync(inRoot('packages', name, 'package.json'), 'utf8'))
  const { messages } = await publint({ pkgDir, pack: false, strict: true })
  for (const message of messages) {
    console.error(`packages/${name}: ${formatMessage(message, pkg)}`)
    process.exitCode = 1
  }
}
