// @ts-check
import { peerName, requirePeer } from '../../lib/peers.mjs'
import { namedAccounts } from '../flags.mjs'

/** @import { Contender } from '../contender.ts' */
/** @import { Subject } from '../flags.mjs' */

const onOff = { variants: { on: true, off: false }, defaultVariant: 'off' }
const bucketBy = (/** @type {string} */ attribute) => ({ cat: [{ var: '$flagd.flagKey' }, { var: attribute }] })
const when = (/** @type {object} */ condition) => ({ if: [condition, 'on', 'off'] })

const configuration = {
  flags: {
    'new-pdf-engine': {
      state: 'ENABLED',
      ...onOff,
      targeting: { fractional: [bucketBy('accountId'), ['on', 5], ['off', 95]] },
    },
    'redesigned-dashboard': {
      state: 'ENABLED',
      variants: { redesigned: 'redesigned', classic: 'classic' },
      defaultVariant: 'classic',
      targeting: { fractional: [bucketBy('userId'), ['redesigned', 50], ['classic', 50]] },
    },
    'ai-chatbot': {
      state: 'ENABLED',
      ...onOff,
      targeting: when({ and: [{ '==': [{ var: 'plan' }, 'free'] }, { in: [{ var: 'country' }, ['US', 'GB']] }] }),
    },
    'bulk-invoice-api': { state: 'ENABLED', ...onOff, targeting: when({ in: [{ var: 'accountId' }, namedAccounts] }) },
    'maintenance-mode': { state: 'DISABLED', ...onOff },
  },
}

/** @returns {Promise<Contender>} */
export async function load() {
  const { FlagdCore } = requirePeer('@openfeature/flagd-core')
  const core = new FlagdCore()
  core.setConfigurations(JSON.stringify(configuration))
  const logger = { debug() {}, info() {}, warn() {}, error() {} }
  const isOn = (/** @type {string} */ flag, /** @type {Subject} */ context) =>
    core.resolveBooleanEvaluation(flag, false, context, logger).value
  return {
    name: peerName('@openfeature/flagd-core'),
    contextOf: subject => ({ targetingKey: subject.userId, ...subject }),
    ask: {
      'new-pdf-engine': (/** @type {Subject} */ context) => isOn('new-pdf-engine', context),
      'redesigned-dashboard': (/** @type {Subject} */ context) =>
        core.resolveStringEvaluation('redesigned-dashboard', 'classic', context, logger).value === 'redesigned',
      'ai-chatbot': (/** @type {Subject} */ context) => isOn('ai-chatbot', context),
      'bulk-invoice-api': (/** @type {Subject} */ context) => isOn('bulk-invoice-api', context),
      'maintenance-mode': (/** @type {Subject} */ context) => isOn('maintenance-mode', context),
    },
  }
}
