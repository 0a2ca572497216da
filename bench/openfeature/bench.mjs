// @ts-check
/** What an evaluation costs through OpenFeature, and how much of that is ours. */
import { createClient } from '@dimmer/node'
import { DimmerProvider } from '@dimmer/node/openfeature'
import { NOOP_PROVIDER, OpenFeature } from '@openfeature/server-sdk'
import { rulesetOf } from '../evaluate/ruleset.mjs'
import { inProcessFetch } from '../lib/in-process-server.mjs'
import { rounded } from '../lib/numbers.mjs'

/** @import { Result, Row } from '../lib/types.ts' */

export const about = 'ns per evaluation through OpenFeature: without a provider, with ours, and our client directly'

const flag = 'share'
const contextOf = (/** @type {number} */ n) => ({
  targetingKey: `user-${String(n).padStart(20, '0')}`,
  accountId: `account-${String(n % 256).padStart(17, '0')}`,
  plan: 'enterprise',
})
const contexts = Array.from({ length: 1_024 }, (_, n) => contextOf(n))
const rounds = 15
const perRound = 20_000

/** @typedef {(context: ReturnType<typeof contextOf>) => Promise<boolean> | boolean} Ask */

const contextAt = (/** @type {number} */ index) => contexts[index % contexts.length] ?? contextOf(index)

/** @param {(times: number) => Promise<void>} loop */
async function nsPerCall(loop) {
  const before = process.cpuUsage()
  await loop(perRound)
  const { user, system } = process.cpuUsage(before)
  return ((user + system) * 1_000) / perRound
}

/** The shares must be those of the flag: about 5 % of the accounts. */
async function checkAnswers(/** @type {readonly Ask[]} */ asks) {
  const answers = await Promise.all(asks.map(ask => Promise.all(contexts.map(ask))))
  const [first = [], ...others] = answers
  const share = first.filter(answer => answer === true).length / contexts.length
  if (share === 0 || share > 0.2) throw new Error(`${share} of the subjects have ${flag}`)
  for (const other of others) {
    if (JSON.stringify(other) !== JSON.stringify(first)) throw new Error('the provider and the client disagree')
  }
}

/** @returns {Promise<Result>} */
export async function run() {
  const client = createClient({ url: 'http://127.0.0.1:1', sdkKey: 'bench', fetch: inProcessFetch(rulesetOf([flag])) })
  await OpenFeature.setProviderAndWait('bare', NOOP_PROVIDER)
  const provider = new DimmerProvider(client)
  await OpenFeature.setProviderAndWait('dimmer', provider)
  const bare = OpenFeature.getClient('bare')
  const ours = OpenFeature.getClient('dimmer')
  await checkAnswers([
    context => ours.getBooleanValue(flag, false, context),
    context => client.isEnabled(flag, context),
  ])
  // A loop of its own for each, or V8 would look at all of them as one.
  const loops = {
    bare: async (/** @type {number} */ times) => {
      for (let i = 0; i < times; i++) await bare.getBooleanValue(flag, false, contextAt(i))
    },
    ours: async (/** @type {number} */ times) => {
      for (let i = 0; i < times; i++) await ours.getBooleanValue(flag, false, contextAt(i))
    },
    provider: async (/** @type {number} */ times) => {
      for (let i = 0; i < times; i++) await provider.resolveBooleanEvaluation(flag, false, contextAt(i))
    },
    direct: async (/** @type {number} */ times) => {
      for (let i = 0; i < times; i++) client.isEnabled(flag, contextAt(i))
    },
  }
  const never = Number.POSITIVE_INFINITY
  const best = { bare: never, ours: never, provider: never, direct: never }
  for (let round = 0; round <= rounds; round++) {
    best.bare = Math.min(best.bare, await nsPerCall(loops.bare))
    best.ours = Math.min(best.ours, await nsPerCall(loops.ours))
    best.provider = Math.min(best.provider, await nsPerCall(loops.provider))
    best.direct = Math.min(best.direct, await nsPerCall(loops.direct))
  }
  await OpenFeature.clearProviders()
  /** @type {Row[]} */
  const rows = [
    { name: 'OpenFeature without a provider', value: rounded(best.bare), unit: 'ns' },
    {
      name: 'OpenFeature with ours',
      value: rounded(best.ours),
      unit: 'ns',
      peer: 'OpenFeature without a provider',
      ratio: rounded(best.bare / best.ours),
    },
    { name: 'our provider alone, awaited', value: rounded(best.provider), unit: 'ns' },
    { name: 'our client directly: isEnabled', value: rounded(best.direct), unit: 'ns' },
  ]
  return { rows }
}
