// @ts-check
/** Who asks, and who is on the lists: the same in every run and for every contender. */

/**
 * @typedef {object} Subject who asks, before each SDK's own shape of context is made of it
 * @property {string} accountId 25 characters
 * @property {string} userId 25 characters
 * @property {string} plan
 * @property {string} country
 * @property {string} role
 * @property {number} seats 1 to 500
 * @property {string} email
 * @property {string} appVersion
 * @property {string} ip
 */

const subjectCount = 1024
const letters = '0123456789abcdefghjkmnpqrstvwxyz'
const plans = ['free', 'team', 'business', 'enterprise']
const countries = ['US', 'GB', 'DE', 'FR', 'NL', 'SE', 'JP']
const roles = ['owner', 'admin', 'member', 'accountant']
const versions = ['1.9.3', '2.3.11', '2.4.0', '2.4.1', '2.10.0', '3.0.0']
const networks = ['10.20', '172.31', '192.168', '198.51']
const domains = ['example.com', 'example.org', 'company.example', 'mail.example.net']

/**
 * A fixed sequence of numbers that look drawn.
 * @param {number} seed
 */
function sequence(seed) {
  let state = seed
  return (/** @type {number} */ below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** @typedef {ReturnType<typeof sequence>} Draw */

/**
 * @param {string} prefix
 * @param {Draw} draw
 */
const idFrom = (prefix, draw) =>
  prefix + Array.from({ length: 25 - prefix.length }, () => letters[draw(letters.length)]).join('')

/**
 * Through JSON, as values arrive: flat strings instead of ropes, which the first hash would flatten.
 * @template T
 * @param {T} value
 * @returns {T}
 */
const asArrived = value => JSON.parse(JSON.stringify(value))

/** @returns {readonly Subject[]} */
export function subjects() {
  const draw = sequence(42)
  const pick = (/** @type {readonly string[]} */ list) => list[draw(list.length)] ?? ''
  const made = Array.from({ length: subjectCount }, (_, index) => ({
    accountId: idFrom('acc_', draw),
    userId: idFrom('usr_', draw),
    plan: pick(plans),
    country: pick(countries),
    role: pick(roles),
    seats: 1 + draw(500),
    email: `user${index}.${draw(1_000)}@${pick(domains)}`,
    appVersion: pick(versions),
    ip: `${pick(networks)}.${draw(256)}.${draw(256)}`,
  }))
  return asArrived(made)
}

/** The three accounts that are named one by one. */
export const threeAccounts = subjects()
  .filter((_, index) => index % 400 === 7)
  .map(({ accountId }) => accountId)

/**
 * Accounts of which about a tenth of the subjects' are some, evenly spread.
 * @param {number} size
 */
export function listOf(size) {
  const draw = sequence(size)
  const asking = subjects().filter((_, index) => index % 10 === 3)
  const step = Math.floor(size / asking.length)
  return asArrived(
    Array.from({ length: size }, (_, index) =>
      index % step === 0 ? (asking[index / step]?.accountId ?? idFrom('acc_', draw)) : idFrom('acc_', draw),
    ),
  )
}
