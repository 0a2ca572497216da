// @ts-check

/** @import { Ruleset } from '@dimmer/engine' */

/**
 * A server within the process, as a `fetch`: gives the ruleset once over the stream, and takes all events.
 * @param {Ruleset} ruleset
 * @returns {typeof globalThis.fetch}
 */
export const inProcessFetch = ruleset => async input => {
  if (!String(input).endsWith('/sdk/v1/stream')) {
    return new Response('{"accepted":true,"duplicate":false}', { status: 202 })
  }
  const hello = `event: hello\ndata: ${JSON.stringify({ receiptDelayMs: 1_000, heartbeatMs: 600_000 })}\n\n`
  const put = `id: ${ruleset.version}\nevent: put\ndata: ${JSON.stringify(ruleset)}\n\n`
  const body = new ReadableStream({ start: stream => stream.enqueue(new TextEncoder().encode(hello + put)) })
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}
