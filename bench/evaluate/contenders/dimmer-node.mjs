// @ts-check
/** @dimmer/node as an application uses it: reads the clock, evaluates, counts the exposure. */
import { said } from '../cases.mjs'
import { connect } from '../dimmer-client.mjs'

/** @import { CaseName } from '../cases.mjs' */
/** @import { Contender } from '../contender.ts' */
/** @import { Subject } from '../subjects.mjs' */

/**
 * @param {readonly CaseName[]} names
 * @returns {Promise<Contender>}
 */
export async function load(names) {
  const client = await connect(names)
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
