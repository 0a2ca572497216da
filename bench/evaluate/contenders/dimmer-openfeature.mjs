// @ts-check
/** OpenFeature's SDK for servers over our provider: the price of its interface, which is asynchronous. */
import { DimmerProvider } from '@dimmer/node/openfeature'
import { OpenFeature } from '@openfeature/server-sdk'
import { said } from '../cases.mjs'
import { connect } from '../dimmer-client.mjs'

/** @import { EvaluationContext } from '@openfeature/server-sdk' */
/** @import { CaseName } from '../cases.mjs' */
/** @import { Contender } from '../contender.ts' */

/**
 * @param {readonly CaseName[]} names
 * @returns {Promise<Contender>}
 */
export async function load(names) {
  await OpenFeature.setProviderAndWait(new DimmerProvider(await connect(names)))
  const client = OpenFeature.getClient()
  return {
    name: 'OpenFeature 1.23.0 over Dimmer (async)',
    isAsync: true,
    contextOf: ({ userId, ...attributes }) => ({ targetingKey: userId, ...attributes }),
    ask: said(names, ({ split }, name) =>
      split === undefined
        ? (/** @type {EvaluationContext} */ context) => client.getBooleanValue(name, false, context)
        : async (/** @type {EvaluationContext} */ context) =>
            (await client.getStringValue(name, 'classic', context)) === 'redesigned',
    ),
  }
}
