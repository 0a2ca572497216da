/** Code that is ready to paste, for a new key. */
export function nodeSnippet(url: string, sdkKey: string, flag: string): string {
  return `import { createClient } from '@dimmer/node'

const dimmer = createClient({ url: '${url}', sdkKey: '${sdkKey}' })
await dimmer.ready({ timeoutMs: 2000 })

if (dimmer.isEnabled('${flag}', { accountId: 'acc-00017' })) {
  // the new way
}`
}
