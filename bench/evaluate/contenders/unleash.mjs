// @ts-check
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { peerName, requirePeer } from '../../lib/peers.mjs'
import { namedAccounts } from '../flags.mjs'

/** @import { Contender } from '../contender.ts' */

const among = (/** @type {string} */ contextName, /** @type {readonly string[]} */ values) => ({
  contextName,
  operator: 'IN',
  values,
})
const everybodyIf = (/** @type {readonly object[]} */ constraints) => [{ name: 'default', parameters: {}, constraints }]
const share = (/** @type {string} */ groupId, /** @type {string} */ rollout, /** @type {string} */ stickiness) => ({
  name: 'flexibleRollout',
  parameters: { groupId, rollout, stickiness },
  constraints: [],
})
const feature = (/** @type {string} */ name, /** @type {readonly object[]} */ strategies, enabled = true) => ({
  name,
  type: 'release',
  enabled,
  strategies,
  variants: [],
})
const arm = (/** @type {string} */ name) => ({
  name,
  weight: 500,
  stickiness: 'userId',
  payload: { type: 'string', value: name },
})

const data = [
  feature('new-pdf-engine', [share('new-pdf-engine', '5', 'accountId')]),
  feature('redesigned-dashboard', [
    { ...share('redesigned-dashboard', '100', 'userId'), variants: [arm('redesigned'), arm('classic')] },
  ]),
  feature('ai-chatbot', everybodyIf([among('plan', ['free']), among('country', ['US', 'GB'])])),
  feature('bulk-invoice-api', everybodyIf([among('accountId', namedAccounts)])),
  feature('maintenance-mode', everybodyIf([]), false),
]

/** @returns {Promise<Contender>} */
export async function load() {
  const { Unleash } = requirePeer('unleash-client')
  const client = new Unleash({
    appName: 'bench',
    // Never asked: no refresh, no metrics, no registration; the flags are the bootstrap.
    url: 'http://127.0.0.1:1/api',
    bootstrap: { data },
    refreshInterval: 0,
    disableMetrics: true,
    backupPath: mkdtempSync(join(tmpdir(), 'unleash-')),
    skipInstanceCountWarning: true,
  })
  client.on('error', () => {})
  client.on('warn', () => {})
  await new Promise(resolve => (client.isSynchronized() ? resolve(undefined) : client.once('ready', resolve)))
  return {
    name: peerName('unleash-client'),
    contextOf: ({ userId, accountId, plan, country }) => ({ userId, properties: { accountId, plan, country } }),
    ask: {
      'new-pdf-engine': (/** @type {object} */ context) => client.isEnabled('new-pdf-engine', context),
      'redesigned-dashboard': (/** @type {object} */ context) =>
        client.getVariant('redesigned-dashboard', context).name === 'redesigned',
      'ai-chatbot': (/** @type {object} */ context) => client.isEnabled('ai-chatbot', context),
      'bulk-invoice-api': (/** @type {object} */ context) => client.isEnabled('bulk-invoice-api', context),
      'maintenance-mode': (/** @type {object} */ context) => client.isEnabled('maintenance-mode', context),
    },
  }
}
