// @ts-check
/** A client of our SDK for Node with the cases as its ruleset. */
import { createClient } from '@dimmer/node'
import { rulesetOf } from './ruleset.mjs'

/** @import { Ruleset } from '@dimmer/engine' */
/** @import { CaseName } from './cases.mjs' */

/**
 * A server within the process: gives the ruleset once over the stream, and takes all events.
 * @param {Ruleset} ruleset
 * @param {string} url
 */
const answer = (ruleset, url) => {
  if (!url.endsWith('/sdk/v1/stream')) return new Response('{"accepted":true,"duplicate":false}', { status: 202 })
  const hello = `event: hello\ndata: ${JSON.stringify({ receiptDelayMs: 1_000, heartbeatMs: 600_000 })}\n\n`
  const put = `id: ${ruleset.version}\nevent: put\ndata: ${JSON.stringify(ruleset)}\n\n`
  const body = new ReadableStream({ start: stream => stream.enqueue(new TextEncoder().encode(hello + put)) })
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}

/** @param {readonly CaseName[]} names */
export async function connect(names) {
  const ruleset = rulesetOf(names)
  const client = createClient({
    url: 'http://127.0.0.1:1',
    sdkKey: 'bench',
    fetch: async input => answer(ruleset, String(input)),
  })
  const { error } = await client.ready({ timeoutMs: 60_000 })
  if (error !== undefined) throw new Error(error)
  return client
}
