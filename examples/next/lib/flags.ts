import { type Context, createClient, type DimmerClient } from '@dimmer/node'
import { settings } from './settings'

declare module '@dimmer/node' {
  interface FlagTypes {
    'ai-chatbot': boolean
    'bulk-invoice-api': boolean
    'new-pdf-engine': boolean
    'redesigned-dashboard': 'classic' | 'redesigned'
  }
}

declare global {
  var dimmer: DimmerClient | undefined
}

/**
 * The one client of this process. Next.js bundles pages, route handlers and the proxy apart, each with its own copy of
 * this module; what they have in common is `globalThis`. Made when first needed: a build has no server to ask.
 */
export async function flags(): Promise<DimmerClient> {
  globalThis.dimmer ??= createClient({
    url: settings().url,
    sdkKey: settings().serverKey,
    instanceId: `next-${process.pid}`,
    closeOnSigterm: true,
  })
  await globalThis.dimmer.ready()
  return globalThis.dimmer
}

/** The values that client components are drawn with, on the server and at first in the browser. */
export async function pageFlags(context: Context): Promise<Readonly<Record<string, unknown>>> {
  const client = await flags()
  return { 'ai-chatbot': client.isEnabled('ai-chatbot', context) }
}
