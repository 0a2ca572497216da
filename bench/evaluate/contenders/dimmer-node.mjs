// @ts-check
/** @dimmer/node as an application uses it: reads the clock, evaluates, counts the exposure. */
import { createClient } from '@dimmer/node'
import { ruleset } from '../flags.mjs'

/** @import { Contender } from '../contender.ts' */
/** @import { Subject } from '../flags.mjs' */

/** A server within the process: gives the ruleset once over the stream, and takes all events. */
const answer = (/** @type {string} */ url) => {
  if (!url.endsWith('/sdk/v1/stream')) return new Response('{"accepted":true,"duplicate":false}', { status: 202 })
  const hello = `event: hello\ndata: ${JSON.stringify({ receiptDelayMs: 1_000, heartbeatMs: 600_000 })}\n\n`
  const put = `id: ${ruleset.version}\nevent: put\ndata: ${JSON.stringify(ruleset)}\n\n`
  const body = new ReadableStream({ start: stream => stream.enqueue(new TextEncoder().encode(hello + put)) })
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}

/** @returns {Promise<Contender>} */
export async function load() {
  const client = createClient({
    url: 'http://127.0.0.1:1',
    sdkKey: 'bench',
    fetch: async input => answer(String(input)),
  })
  const { error } = await client.ready()
  if (error !== undefined) throw new Error(error)
  return {
    name: 'Dimmer Node SDK, with exposures',
    contextOf: subject => subject,
    ask: {
      'new-pdf-engine': (/** @type {Subject} */ context) => client.isEnabled('new-pdf-engine', context),
      'redesigned-dashboard': (/** @type {Subject} */ context) =>
        client.value('redesigned-dashboard', context, 'classic') === 'redesigned',
      'ai-chatbot': (/** @type {Subject} */ context) => client.isEnabled('ai-chatbot', context),
      'bulk-invoice-api': (/** @type {Subject} */ context) => client.isEnabled('bulk-invoice-api', context),
      'maintenance-mode': (/** @type {Subject} */ context) => client.isEnabled('maintenance-mode', context),
    },
  }
}
