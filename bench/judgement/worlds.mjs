// @ts-check
/** The worlds that rollouts are simulated in. Times are ticks of 5 s; three stages of 240 ticks: 5, 25 and 50 %. */

export const ticksPerStage = 240
export const ticksPerMinute = 12
export const shares = [0.05, 0.25, 0.5]
export const lastTick = ticksPerStage * shares.length

/**
 * @typedef {object} Bursts part of an account's failures comes in bursts
 * @property {number} share of all its failures
 * @property {number} minutes
 * @property {number} failing share of the requests that fail in a burst
 *
 * @typedef {object} Harm what the new variant does to exposed accounts
 * @property {number} [factor] on the error rate
 * @property {number} [broken] share of accounts all of whose requests fail
 * @property {number} [from] tick
 *
 * @typedef {object} World
 * @property {string} name
 * @property {number} accounts
 * @property {number} requests mean per account and tick
 * @property {number} sigma of the volumes (lognormal)
 * @property {number | undefined} shape of the accounts' error rates (gamma); undefined: all alike
 * @property {Bursts} [bursts]
 * @property {Harm} [harm]
 * @property {number} [maxRatio] the guardrail's limit; absent: `usualRatio`
 * @property {{ from: number, to: number, factor: number }} [common] both groups fail more for a while
 * @property {number} [whale] share of all requests that one account sends
 */

/** Half as many failures again are too many, unless a world says otherwise: a doubling is to be found, not just as much as is allowed. */
export const usualRatio = 1.5

/** Mean error rate without harm. */
export const baseRate = 0.005

const minuteBursts = { share: 0.5, minutes: 1, failing: 0.5 }
const base = { accounts: 2000, requests: 0.5, sigma: 1.2, shape: 0.5 }
const few = { ...base, accounts: 200, requests: 5 }

/** Worlds in which the new variant is harmless. @type {readonly World[]} */
export const harmless = [
  { ...base, name: 'homogeneous, N=2000', shape: undefined },
  { ...base, name: 'clustered, N=2000' },
  { ...base, name: 'bursty, N=2000', bursts: minuteBursts },
  { ...few, name: 'bursty, N=200', bursts: minuteBursts },
  { ...few, name: 'bursty, N=20', accounts: 20, bursts: minuteBursts },
  { ...base, name: 'long bursts, N=2000', sigma: 1.6, bursts: { share: 0.5, minutes: 5, failing: 0.9 } },
  { ...base, name: 'outage x20, both groups', common: { from: 300, to: 336, factor: 20 } },
  { ...base, name: 'one account has 60 %', bursts: minuteBursts, whale: 0.6 },
  { ...base, name: 'all get x4 worse', bursts: minuteBursts, common: { from: 200, to: lastTick, factor: 4 } },
]

/** Worlds in which it does harm. @type {readonly World[]} */
export const harmful = [
  { ...base, name: '2x, homogeneous', shape: undefined, harm: { factor: 2 } },
  { ...base, name: '2x, clustered', harm: { factor: 2 } },
  { ...base, name: '2x, clustered, allowed 2x', harm: { factor: 2 }, maxRatio: 2 },
  { ...base, name: '10x, clustered', harm: { factor: 10 } },
  { ...base, name: '3 % broken, quiet', harm: { broken: 0.03 } },
  { ...base, name: '3 % broken, bursty', bursts: minuteBursts, harm: { broken: 0.03 } },
  { ...base, name: '2x from tick 600 on', harm: { factor: 2, from: 600 } },
  { ...few, name: 'all broken, N=200', harm: { broken: 1 } },
  { ...few, name: 'all broken, N=20', accounts: 20, harm: { broken: 1 } },
]
