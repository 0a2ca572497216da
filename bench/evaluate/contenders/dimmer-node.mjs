// @ts-check
/** @dimmer/node as an application uses it: reads the clock, evaluates, counts the exposure. */
import { createClient } from '@dimmer/node'
import { inProcessFetch } from '../../lib/in-process-server.mjs'
import { said } from '../cases.mjs'
import { rulesetOf } from '../ruleset.mjs'

/** @import { CaseName } from '../cases.mjs' */
/** @import { Contender } from '../contender.ts' */
/** @import { Subject } from '../subjects.mjs' */

/**
 * @param {readonly CaseName[]} names
 * @returns {Promise<Contender>}
 */
export async function load(names) {
  const ruleset = rulesetOf(names)
  const client = createClient({
    url: 'http://127.0.0.1:1',
    sdkKey: 'bench',
    fetch: inProcessFetch(ruleset),
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
