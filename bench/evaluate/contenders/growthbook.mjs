// @ts-check
import { peerName, requirePeer } from '../../lib/peers.mjs'
import { namedAccounts } from '../flags.mjs'

/** @import { Contender } from '../contender.ts' */
/** @import { Subject } from '../flags.mjs' */
/** @typedef {{ attributes: Subject }} UserContext */

const features = {
  'new-pdf-engine': {
    defaultValue: false,
    rules: [{ force: true, coverage: 0.05, hashAttribute: 'accountId', seed: 'new-pdf-engine', hashVersion: 2 }],
  },
  'redesigned-dashboard': {
    defaultValue: 'classic',
    rules: [
      {
        key: 'redesigned-dashboard',
        variations: ['redesigned', 'classic'],
        weights: [0.5, 0.5],
        coverage: 1,
        hashAttribute: 'userId',
        hashVersion: 2,
      },
    ],
  },
  'ai-chatbot': {
    defaultValue: false,
    rules: [{ condition: { plan: 'free', country: { $in: ['US', 'GB'] } }, force: true }],
  },
  'bulk-invoice-api': {
    defaultValue: false,
    rules: [{ condition: { accountId: { $in: namedAccounts } }, force: true }],
  },
  'maintenance-mode': { defaultValue: false },
}

/** @returns {Promise<Contender>} */
export async function load() {
  const { GrowthBookClient } = requirePeer('@growthbook/growthbook')
  const client = new GrowthBookClient({})
  client.initSync({ payload: { features } })
  return {
    name: peerName('@growthbook/growthbook'),
    contextOf: subject => ({ attributes: subject }),
    ask: {
      'new-pdf-engine': (/** @type {UserContext} */ user) => client.isOn('new-pdf-engine', user),
      'redesigned-dashboard': (/** @type {UserContext} */ user) =>
        client.getFeatureValue('redesigned-dashboard', 'classic', user) === 'redesigned',
      'ai-chatbot': (/** @type {UserContext} */ user) => client.isOn('ai-chatbot', user),
      'bulk-invoice-api': (/** @type {UserContext} */ user) => client.isOn('bulk-invoice-api', user),
      'maintenance-mode': (/** @type {UserContext} */ user) => client.isOn('maintenance-mode', user),
    },
  }
}
