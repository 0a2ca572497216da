// @ts-check
/** @dimmer/engine alone: what the SDK calls for each evaluation. */
import { compile, evaluate } from '@dimmer/engine'
import { now, ruleset } from '../flags.mjs'

/** @import { Contender } from '../contender.ts' */
/** @import { Subject } from '../flags.mjs' */

/** @returns {Promise<Contender>} */
export async function load() {
  const snapshot = compile(ruleset)
  const isOn = (/** @type {string} */ flag) => (/** @type {Subject} */ context) =>
    evaluate(snapshot, flag, context, now).value === true
  return {
    name: 'Dimmer engine',
    contextOf: subject => subject,
    ask: {
      'new-pdf-engine': isOn('new-pdf-engine'),
      'redesigned-dashboard': (/** @type {Subject} */ context) =>
        evaluate(snapshot, 'redesigned-dashboard', context, now).value === 'redesigned',
      'ai-chatbot': isOn('ai-chatbot'),
      'bulk-invoice-api': isOn('bulk-invoice-api'),
      'maintenance-mode': isOn('maintenance-mode'),
    },
  }
}
