// @ts-check
/** @dimmer/node as an application uses it: reads the clock, evaluates, counts the exposure. */
import { createClient } from '@dimmer/node'
import { said } from '../cases.mjs'
import { rulesetOf } from '../ruleset.mjs'

/** @import { Ruleset } from '@dimmer/engine' */
/** @import { CaseName } from '../cases.mjs' */
/** @import { Contender } from '../contender.ts' */
/** @import { Subject } from '../subjects.mjs' */

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

/**
 * @param {readonly CaseName[]} names
 * @returns {Promise<Contender>}
 */
export async function load(names) {
  const ruleset = rulesetOf(names)
  const client = createClient({
    url: 'http://127.0.0.1:1',
    sdkKey: 'bench',
    fetch: async input => answer(ruleset, String(input)),
  })
  const { error } = await client.ready()
  if (error !== undefined) throw new Error(error)
  // Without, the SDK would still be fetching its engine for regular expressions.
  if (names.includes('regex')) await import('re2js')
  return {
    name: 'Dimmer Node SDK, with exposures',
    contextOf: subject => subject,
    ask: said(names, ({ split }, name) =>
      split === undefined
        ? (/** @type {Subject} */ context) => client.isEnabled(name, context)
        : (/** @type {Subject} */ context) => client.value(name, context, 'classic') === 'redesigned',
    ),
  }
}
