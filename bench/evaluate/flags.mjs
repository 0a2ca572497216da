// @ts-check
/** The five flags of the sample project as data, and the contexts that ask for them. */

/** @typedef {'new-pdf-engine' | 'redesigned-dashboard' | 'ai-chatbot' | 'bulk-invoice-api' | 'maintenance-mode'} FlagName */
/**
 * @typedef {object} Subject who asks, before each SDK's own shape of context is made of it
 * @property {string} accountId 25 characters
 * @property {string} userId 25 characters
 * @property {string} plan
 * @property {string} country
 */

/** @type {readonly FlagName[]} */
export const flagNames = [
  'new-pdf-engine',
  'redesigned-dashboard',
  'ai-chatbot',
  'bulk-invoice-api',
  'maintenance-mode',
]

/** What a contender counts as "yes" for a flag, and the share of the subjects that must get it. */
export const expectedShares = {
  'new-pdf-engine': [0.03, 0.07],
  'redesigned-dashboard': [0.45, 0.55],
  'ai-chatbot': [0.05, 0.1],
  'bulk-invoice-api': [0.0005, 0.01],
  'maintenance-mode': [0, 0],
}

const subjectCount = 1024
const letters = '0123456789abcdefghjkmnpqrstvwxyz'
const plans = ['free', 'team', 'business', 'enterprise']
const countries = ['US', 'GB', 'DE', 'FR', 'NL', 'SE', 'JP']

/**
 * A fixed sequence of numbers that look drawn, so that every run and every contender has the same subjects.
 * @param {number} seed
 */
function sequence(seed) {
  let state = seed
  return (/** @type {number} */ below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** @returns {readonly Subject[]} as they come out of JSON, i.e. with flat strings */
export function subjects() {
  const draw = sequence(42)
  const id = (/** @type {string} */ prefix) =>
    prefix + Array.from({ length: 25 - prefix.length }, () => letters[draw(32)]).join('')
  const pick = (/** @type {readonly string[]} */ list) => list[draw(list.length)] ?? ''
  const made = Array.from({ length: subjectCount }, () => ({
    accountId: id('acc_'),
    userId: id('usr_'),
    plan: pick(plans),
    country: pick(countries),
  }))
  return JSON.parse(JSON.stringify(made))
}

/** The three accounts of bulk-invoice-api. */
export const namedAccounts = subjects()
  .filter((_, i) => i % 400 === 7)
  .map(subject => subject.accountId)

/** Fixed, so that nobody reads a clock that others don't. */
export const now = Date.UTC(2026, 0, 15)

/**
 * A flag's salt, chosen so that what comes before the id is whole 4-byte blocks: the hand-written limit may then
 * start from a state.
 */
export const salts = { share: 'sample-salt-for-pdf', split: 'salt-for-dash' }

/** @param {boolean} on */
const onOff = on => ({
  type: /** @type {const} */ ('boolean'),
  variants: { on: true, off: false },
  on,
  offVariant: 'off',
})

/** @type {import('@dimmer/engine').Ruleset} */
export const ruleset = {
  schema: 1,
  project: 'invoicing',
  environment: 'production',
  version: 1,
  units: {},
  segments: {},
  flags: {
    'new-pdf-engine': {
      key: 'new-pdf-engine',
      ...onOff(true),
      salt: salts.share,
      version: 1,
      prerequisites: [],
      rules: [{ id: 'rollout', share: { unit: 'account', percent: 5 }, serve: { variant: 'on' } }],
      fallthrough: { variant: 'off' },
    },
    'redesigned-dashboard': {
      key: 'redesigned-dashboard',
      type: 'string',
      variants: { classic: 'classic', redesigned: 'redesigned' },
      on: true,
      offVariant: 'classic',
      salt: salts.split,
      version: 1,
      prerequisites: [],
      rules: [],
      fallthrough: {
        split: {
          unit: 'user',
          arms: [
            { variant: 'redesigned', weight: 50 },
            { variant: 'classic', weight: 50 },
          ],
        },
      },
    },
    'ai-chatbot': {
      key: 'ai-chatbot',
      ...onOff(true),
      salt: 'unused',
      version: 1,
      prerequisites: [],
      rules: [
        {
          id: 'free-us-gb',
          when: {
            all: [
              { attribute: 'plan', op: 'equals', value: 'free' },
              { attribute: 'country', op: 'in', value: ['US', 'GB'] },
            ],
          },
          serve: { variant: 'on' },
        },
      ],
      fallthrough: { variant: 'off' },
    },
    'bulk-invoice-api': {
      key: 'bulk-invoice-api',
      ...onOff(true),
      salt: 'unused',
      version: 1,
      prerequisites: [],
      rules: [
        {
          id: 'early-access',
          when: { attribute: 'accountId', op: 'in', value: namedAccounts },
          serve: { variant: 'on' },
        },
      ],
      fallthrough: { variant: 'off' },
    },
    'maintenance-mode': {
      key: 'maintenance-mode',
      ...onOff(false),
      salt: 'unused',
      version: 1,
      prerequisites: [],
      rules: [],
      fallthrough: { variant: 'on' },
    },
  },
}
